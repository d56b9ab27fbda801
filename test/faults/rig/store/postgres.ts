import pg from "pg";
import type { StoreProbe } from "./probe.ts";

/** Each look is a connection of its own: the server may have been killed since the last. */
export function postgresProbe(url: string): StoreProbe {
  return {
    dialect: "postgres",
    rows: <Row>(text: string) => withClient(url, async (client) => (await client.query(text)).rows as Row[]),
    run: async (text) => {
      await withClient(url, (client) => client.query(text));
    },
    hold: async () => {
      const client = await connected(url);
      await client.query("begin");
      await client.query("lock table conversations in exclusive mode");
      return async () => {
        await client.query("rollback").catch(() => {});
        await client.end();
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Named, so that a fault that cuts connections can leave out the suite's own. */
export const PROBE_NAME = "fio-fault-suite";

export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: PROBE_NAME,
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

export async function withClient<Result>(
  url: string,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await connected(url);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
