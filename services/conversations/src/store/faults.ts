/*
 * A fault that the events have nothing to do with: the store is away, busy, full or not set up. It passes, or someone
 * sets it right; nothing is gained by giving the events up. Whatever else fails may be an event's own doing.
 */

/** Classes and codes of SQLSTATE: connection, authorisation, no such database, transaction rollback, resources, intervention, system. */
const SQLSTATE =
  /^(08...|28...|3D000|40...|53...|55...|57...|58...|25006|25P03|25P04|42501|42P01|XX001|XX002)$/;
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

/** Whether trying the same again, later, is all that can help. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isTransient);
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "") return WORDS.test(error.message);
  return SQLSTATE.test(code) || SQLITE.test(code) || NETWORK.has(code);
}
