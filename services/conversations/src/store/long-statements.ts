import type { Knex } from "knex";
import type { Run } from "./receipt-indexes.ts";

/** Longer than any statement takes: the connection's own limit is for those that somebody waits for. */
const LIMIT_MS = 24 * 3_600_000;

/** As Knex's own pool uses it: with a callback. */
type PostgresClient = {
  query: (
    query: { text: string; query_timeout: number },
    done: (error: Error | null | undefined, result: { rows: Awaited<ReturnType<Run>> }) => void,
  ) => void;
};
type Pool = {
  acquireConnection: () => Promise<PostgresClient>;
  releaseConnection: (one: PostgresClient) => Promise<void>;
};

/** Runs statements of Postgres that may take hours, all on one connection. Throws what they throw. */
export async function withLongStatements<Result>(
  write: Knex,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  const pool = write.client as Pool;
  const client = await pool.acquireConnection();
  try {
    return await work(
      (text) =>
        new Promise((resolve, reject) => {
          client.query({ text, query_timeout: LIMIT_MS }, (error, result) => {
            if (error) reject(error);
            else resolve(result.rows);
          });
        }),
    );
  } finally {
    await pool.releaseConnection(client);
  }
}

/** Lets a transaction of Postgres run statements that may take hours; then its connection has its own limit again. */
export async function withoutLimit<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  type Held = { acquireConnection: () => Promise<{ connectionParameters: { query_timeout: number } }> };
  const { connectionParameters } = await (transaction.client as Held).acquireConnection();
  const limit = connectionParameters.query_timeout;
  connectionParameters.query_timeout = LIMIT_MS;
  try {
    return await work();
  } finally {
    connectionParameters.query_timeout = limit;
  }
}
