import type { z } from "zod";
import { faultsOf, problemOf, type Fault } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";

/** What a path or query says, checked. Throws the problem that names each parameter at fault. */
export function readParameters<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidParameter(faultsOf(parsed.error));
}

export const invalidParameter = (errors: Fault[]): ProblemError =>
  new ProblemError(problemOf("INVALID_PARAMETER", { errors }));
