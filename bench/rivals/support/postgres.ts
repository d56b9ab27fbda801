import pg from "pg";
import { byKind, RIVAL_SCHEMA, type RivalStore } from "./store.ts";
import type { RivalEvent } from "./events.ts";

/** node-postgres with its pool as it comes: ten connections. */
export async function openRivalPostgres(connectionString: string): Promise<RivalStore> {
  const pool = new pg.Pool({ connectionString });
  pool.on("error", (error) => console.error(error));
  // Two processes may come at once: one of them creates.
  await pool.query(`select pg_advisory_lock(1); ${RIVAL_SCHEMA("uuid")} select pg_advisory_unlock(1);`);

  return {
    apply: async (events) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        for (const event of events) {
          const refused = await applyOne(client, event);
          if (refused === null) continue;
          await client.query("rollback");
          return refused;
        }
        await client.query("commit");
        return null;
      } catch (error) {
        await client.query("rollback").catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
    insertAll: async (events) => {
      const { created, messages } = byKind(events);
      if (created.length > 0) {
        await pool.query({
          name: "create all",
          text: `insert into conversations (id, state, created_at)
            select id, 'OPEN', created_at from unnest($1::uuid[], $2::text[]) as made (id, created_at)`,
          values: [created.map(({ data }) => data.id), created.map(({ timestamp }) => timestamp)],
        });
      }
      if (messages.length > 0) {
        await pool.query({
          name: "write all",
          text: `insert into messages (id, conversation_id, direction, content, timestamp)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])`,
          values: [
            messages.map(({ data }) => data.id),
            messages.map(({ data }) => data.conversation_id),
            messages.map(({ data }) => data.direction),
            messages.map(({ data }) => data.content),
            messages.map(({ timestamp }) => timestamp),
          ],
        });
      }
    },
  };
}

/** Named statements: Postgres plans them once for a connection. */
async function applyOne(
  client: pg.PoolClient,
  { type, timestamp, data }: RivalEvent,
): Promise<string | null> {
  if (type === "NEW_CONVERSATION") {
    await client.query({
      name: "create",
      text: "insert into conversations (id, state, created_at) values ($1, 'OPEN', $2) on conflict do nothing",
      values: [data.id, timestamp],
    });
    return null;
  }
  const isMessage = type === "NEW_MESSAGE";
  const { rows } = await client.query<{ state: string }>({
    name: isMessage ? "share" : "lock",
    text: `select state from conversations where id = $1 for ${isMessage ? "share" : "update"}`,
    values: [isMessage ? data.conversation_id : data.id],
  });
  if (rows[0] === undefined) return "CONVERSATION_NOT_FOUND";
  if (rows[0].state !== "OPEN") return "CONVERSATION_CLOSED";
  await client.query(
    isMessage
      ? {
          name: "write",
          text: `insert into messages (id, conversation_id, direction, content, timestamp)
            values ($1, $2, $3, $4, $5) on conflict do nothing`,
          values: [data.id, data.conversation_id, data.direction, data.content, timestamp],
        }
      : {
          name: "close",
          text: "update conversations set state = 'CLOSED', closed_at = $2 where id = $1",
          values: [data.id, timestamp],
        },
  );
  return null;
}
