import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { which } from "../../scripts/lib/which.ts";
import { openStore, type Store } from "../../services/conversations/src/store/connect.ts";
import { close, creation, message } from "../support/events.ts";
import { startPgBouncer, type PgBouncer } from "../support/pgbouncer.ts";
import { startPostgres, type PostgresServer } from "../support/postgres-server.ts";
import { startSystem, type System } from "../support/system.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Where it is not installed there is nothing to test against; CI installs it. */
const program = which("pgbouncer");

describe.skipIf(program === null)("through PgBouncer in transaction mode", () => {
  let server: PostgresServer;
  let bouncer: PgBouncer;
  let store: Store;
  let system: System;
  /** To Postgres itself. */
  let direct: pg.Client;

  beforeAll(async () => {
    server = await startPostgres({ settings: ["fsync=off"] });
    await server.createDatabase("fio");
    bouncer = await startPgBouncer(program!, server);
    store = openStore(bouncer.url);
    system = await startSystem({ databaseUrl: bouncer.url, roles: ["all", "worker"] });
    direct = new pg.Client({ connectionString: server.url });
    await direct.connect();
  });
  afterAll(async () => {
    await system.remove();
    await direct.end();
    await store.close();
    await bouncer.remove();
    await server.remove();
  });

  const post = async (event: unknown): Promise<number> => {
    const answer = await fetch(`${system.ingestUrl}/webhook/`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=20" },
      body: JSON.stringify(event),
    });
    return answer.status;
  };

  test("two workers and an api do what they do without it", async () => {
    const conversations = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const id = randomUUID();
        expect(await post(creation(id))).toBe(201);
        const messages = Array.from({ length: 5 }, () => message(id));
        expect(await Promise.all(messages.map(post))).toEqual(messages.map(() => 201));
        expect(await post(close(id))).toBe(200);
        expect(await post(message(id))).toBe(400);
        return id;
      }),
    );
    for (const id of conversations) {
      const answer = await fetch(`${system.apiUrl}/conversations/${id}`);
      expect(await answer.json()).toMatchObject({ state: "CLOSED", message_count: 5 });
    }
    const list = await fetch(`${system.apiUrl}/conversations/?limit=100`);
    expect((await list.json()) as unknown[]).toHaveLength(20);
    const found = await fetch(`${system.apiUrl}/search?q=tudo`);
    expect(((await found.json()) as unknown[]).length).toBeGreaterThan(0);
  });

  test("a transaction has its settings", async () => {
    const settings = await store.write.transaction(async (knex) => {
      const shown = await Promise.all(
        ["enable_seqscan", "idle_in_transaction_session_timeout"].map((name) =>
          knex.raw<{ rows: unknown[] }>(`select current_setting('${name}') as value`),
        ),
      );
      return shown.map(({ rows }) => rows[0]);
    });
    expect(settings).toEqual([{ value: "off" }, { value: "10s" }]);
  });

  test("a read has its limit, and cannot write", async () => {
    const { rows } = await store.read.raw<{ rows: unknown[] }>(
      "select current_setting('statement_timeout') as limit, current_setting('transaction_read_only') as only",
    );
    expect(rows).toEqual([{ limit: "4s", only: "on" }]);
    await expect(store.read.raw("delete from messages")).rejects.toMatchObject({ code: "25006" });
    // What failed does not stay with the connection.
    expect((await store.read.raw<{ rows: unknown[] }>("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("nothing is left behind on the connections that are shared", async () => {
    const clients = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = new pg.Client({ connectionString: bouncer.plainUrl });
        await client.connect();
        await client.query("begin");
        return client;
      }),
    );
    for (const client of clients) {
      const { rows } = await client.query(`select current_setting('enable_seqscan') as seqscan,
        current_setting('statement_timeout') as limit, current_setting('transaction_read_only') as only,
        (select count(*)::int from pg_prepared_statements) as prepared`);
      expect(rows).toEqual([{ seqscan: "on", limit: "0", only: "off", prepared: 0 }]);
      await client.query("commit");
      await client.end();
    }
    const { rows } = await direct.query("select * from pg_locks where locktype = 'advisory'");
    expect(rows).toEqual([]);
  });
});
