import type { Request } from "express";
import { z } from "zod";
import { faultsOf, problemOf, type Fault } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";

/** What a path or query says, checked. Throws the problem that names each parameter at fault. */
export function readParameters<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidParameter(faultsOf(parsed.error));
}

/**
 * What a query says, checked; a parameter that the route does not know is at fault too, or a filter that is misspelt
 * would give everything.
 */
export function readQuery<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  { query }: Pick<Request, "query">,
): z.output<z.ZodObject<Shape>> {
  const known = Object.keys(schema.shape);
  const allowed = known.length === 0 ? "this route takes none" : `allowed are ${known.join(", ")}`;
  const unknown = Object.keys(query)
    .filter((name) => !known.includes(name))
    .map((path): Fault => ({ path, message: `is not known: ${allowed}` }));
  const parsed = schema.safeParse(query);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const invalid = parsed.success ? [] : faultsOf(parsed.error);
  throw invalidParameter([...unknown, ...invalid].slice(0, MAX_FAULTS));
}

const MAX_FAULTS = 100;

/** Of a route that takes no query. */
export const noQuery = z.object({});

export const invalidParameter = (errors: Fault[]): ProblemError =>
  new ProblemError(problemOf("INVALID_PARAMETER", { errors }));
