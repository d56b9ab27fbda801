/*
 * A fault that the events have nothing to do with: the store is away, busy, full, or its schema is not this code's. It
 * passes, or someone sets it right; nothing is gained by giving the events up. Whatever else fails may be an event's
 * own doing.
 */

/** Classes and codes of SQLSTATE: connection, authorisation, no such database, transaction rollback, resources, intervention, system. */
const SQLSTATE = /^(08...|28...|3D000|40...|53...|55...|57...|58...|25P03|25P04|42501|XX001|XX002)$/;
/** Of SQLite, with its extended codes. */
const SQLITE =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|NOMEM|READONLY|PROTOCOL|PERM|AUTH|CORRUPT|NOTADB|SCHEMA|INTERRUPT)/;
const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
]);
/** What pg and Knex throw without any code. */
const WORDS =
  /connection terminated|connection ended|connection error|client was closed|not queryable|read timeout|timeout expired|timeout exceeded|timeout acquiring|unable to acquire|aborted/i;

/** No such column, table, function, type or unique index; a statement that the server forgot (`DEALLOCATE ALL`). */
const SCHEMA_SQLSTATE = /^(42703|42P01|42883|42704|42P10|26000)$/;
const STALE_PLAN = /cached plan must not change result type/;
/** SQLite has one code for them. Its message comes last, and holds no values. */
const SCHEMA_SQLITE =
  /(^| - )(no such (table|column|index|function|module)\b|table \S+ has no column named |ON CONFLICT clause does not match )[^\n]*$/;
/** After a failover: the server that this connection leads to only reads now. */
const READ_ONLY = "25006";

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "";

/** Whether trying the same again, later, is all that can help. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isTransient);
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === "") return WORDS.test(error.message);
  return SQLSTATE.test(code) || SQLITE.test(code) || NETWORK.has(code) || needsNewConnection(error);
}

/** Whether the schema is not the one that this code, or what its connection remembers of it, was made for. */
export function isSchemaFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === "0A000") return STALE_PLAN.test(error.message);
  return code === "SQLITE_ERROR" ? SCHEMA_SQLITE.test(error.message) : SCHEMA_SQLSTATE.test(code);
}

/** Whether the same fails for ever on the connection that it failed on: what it has prepared, or its server, is out of date. */
export const needsNewConnection = (error: unknown): boolean =>
  isSchemaFault(error) || (error instanceof Error && codeOf(error) === READ_ONLY);
