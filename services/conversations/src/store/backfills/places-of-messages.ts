import { placeOf, type Timestamp } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { searchableWords } from "../searchable-words.ts";
import { asRows, query, rowsOf, type Connection } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { lockConversations, refreshConversations } from "./refresh-conversations.ts";

type Key = { conversation_id: string; timestamp: Timestamp; receipt: StoredReceipt };

const FIRST: [string, string, number] = [BELOW_ALL_IDS, "", 0];

/**
 * Workers of the version before wrote a message at its timestamp even where that is later than its receipt. Such rows
 * are told from their key alone, so the walk reads nothing but the index that threads are read by.
 */
export function placesOfMessages({ now = Date.now }: { now?: () => number } = {}): Backfill {
  return {
    name: "places-of-messages",
    step: async (connection, { after, limit }) => {
      const from = after === null ? FIRST : (JSON.parse(after) as [string, string, number]);
      const keys = await readKeys(connection, from, limit);
      const moved = keys.filter((key) => placeOfRow(key) !== key.timestamp);
      if (moved.length > 0) await move(connection, moved, now());
      const last = keys.at(-1);
      const next =
        last === undefined || keys.length < limit
          ? null
          : JSON.stringify([last.conversation_id, last.timestamp, Number(last.receipt)]);
      return { next, rows: keys.length };
    },
  };
}

const placeOfRow = ({ timestamp, receipt }: Pick<Key, "timestamp" | "receipt">): Timestamp =>
  placeOf({ timestamp, receipt: receiptFrom(receipt) });

function readKeys(connection: Connection, from: [string, string, number], limit: number): Promise<Key[]> {
  const key = connection.dialect === "postgres" ? "(?::uuid, ?, ?::bigint)" : "(?, ?, ?)";
  return query<Key>(connection, {
    name: "backfill_message_keys",
    sql: `select conversation_id, timestamp, receipt from messages
      where (conversation_id, timestamp, receipt) > ${key}
      order by conversation_id, timestamp, receipt limit ?`,
    values: [...from, limit],
  });
}

async function move(connection: Connection, keys: readonly Key[], now: number): Promise<void> {
  const conversations = [...new Set(keys.map(({ conversation_id }) => conversation_id))];
  await lockConversations(connection, conversations);
  const { dialect } = connection;
  // Read again under the lock: another event may have taken a row over meanwhile.
  type Held = { id: string; content: string; timestamp: Timestamp; receipt: StoredReceipt };
  const held = await query<Held>(connection, {
    name: "backfill_messages",
    sql: `select m.id, m.content, m.timestamp, m.receipt
      from ${rowsOf(dialect, "wanted", { conversation: "uuid", receipt: "bigint" })} cross join messages as m
      where m.conversation_id = wanted.conversation and m.receipt = wanted.receipt`,
    values: [
      asRows(keys.map((key) => ({ conversation: key.conversation_id, receipt: String(key.receipt) }))),
    ],
  });
  const moved = held
    .map((row) => ({ ...row, place: placeOfRow(row) }))
    .filter(({ timestamp, place }) => timestamp !== place)
    .map(({ id, content, place }) => ({ id, place, words: searchableWords({ content, timestamp: place }) }));
  await query(connection, {
    name: "backfill_places",
    sql: `update messages set sent_at = timestamp, timestamp = moved.place, words = moved.words
      from ${rowsOf(dialect, "moved", { id: "uuid", place: "text", words: "text" })} where messages.id = moved.id`,
    values: [asRows(moved)],
  });
  await refreshConversations(connection, conversations, now);
}
