/*
 * PgBouncer in transaction mode gives each transaction any of its connections to Postgres: what one leaves behind (a
 * setting, a prepared statement, a lock of the session) another finds, or misses. So nothing is left behind.
 */

/** `postgres://…?pgbouncer=true`: the address leads to PgBouncer in transaction mode. */
export function splitPooled(url: string): { url: string; pooled: boolean } {
  if (!URL.canParse(url)) return { url, pooled: false };
  const parsed = new URL(url);
  const pooled = parsed.searchParams.get("pgbouncer") === "true";
  if (!parsed.searchParams.has("pgbouncer")) return { url, pooled };
  parsed.searchParams.delete("pgbouncer");
  return { url: parsed.href, pooled };
}

type Done = (error: Error | null, result: unknown) => void;
type Statement = { text: string; name?: string };
type Query = (statement: string | Statement, done: Done) => unknown;

const BEGIN = /^begin\b/i;
const END = /^(commit|rollback)\b(?!\s+to\b)/i;
const ignore: Done = () => {};

/**
 * Makes a new connection of pg send `settings` (names and values) with each transaction, in the same round trip, for that
 * transaction alone, and name no statement. With `alone` a statement outside of one gets a transaction that only reads.
 */
export function poolTransactions(
  connection: { query: (...given: never[]) => unknown },
  { settings, alone }: { settings: Readonly<Record<string, string>>; alone: boolean },
): void {
  const query = connection.query.bind(connection) as Query;
  // Our own words, not anyone's input.
  const set = `select ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;
  let inside = false;
  const pooled: Query = (given, done) => {
    const statement = typeof given === "string" ? { text: given } : { ...given };
    delete statement.name;
    if (BEGIN.test(statement.text)) {
      inside = true;
      query(statement, done);
      // Its fault would be the next statement's too.
      return query(set, ignore);
    }
    if (END.test(statement.text)) inside = false;
    else if (!inside && alone) {
      query("begin read only", ignore);
      query(set, ignore);
      query(statement, done);
      return query("commit", ignore);
    }
    return query(statement, done);
  };
  connection.query = pooled;
}
