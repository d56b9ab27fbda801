import { z } from "zod";
import { id, parseTimestamp, problemOf, receipt, type Timestamp } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";

const timestampKey = z.custom<Timestamp>(
  (value) => typeof value === "string" && value.length === 27 && parseTimestamp(value) === value,
);

/** Of the places in lists that a cursor can name. */
export const listKey = z.tuple([timestampKey, id]);
export const messageKey = z.tuple([timestampKey, receipt]);
export const receiptKey = z.tuple([receipt]);
/** Milliseconds, and the id of what was then. */
export const timeKey = z.tuple([z.string().regex(/^\d{1,15}$/), id]);
/** A time in microseconds, and an id. */
export const auditKey = z.tuple([z.string().regex(/^\d{1,16}$/), id]);

/** A key as text for a URL; opaque to clients. */
export function cursorOf(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** The key that a cursor names. Throws the problem that names the parameter for anything that is not one of ours. */
export function readCursor<Key>(schema: z.ZodType<Key>, cursor: string, parameter: string): Key {
  const key = schema.safeParse(decoded(cursor));
  if (key.success) return key.data;
  throw new ProblemError(
    problemOf("INVALID_PARAMETER", {
      errors: [{ path: parameter, message: "must be a cursor that a Link header of this list gave" }],
    }),
  );
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
