import { conversationIdOf, idOf, type AcceptedEvent, type Receipt } from "@fio/contracts";
import {
  among,
  asList,
  asRows,
  query,
  rowsOf,
  type Connection,
} from "../../../services/conversations/src/store/sql.ts";
import {
  CONVERSATION,
  conversationRow,
  MESSAGE,
  messageRow,
  UNAPPLIED,
  unappliedRow,
  type ConversationRow,
  type MessageRow,
} from "./rows.ts";

export type Reason = Parameters<typeof unappliedRow>[1];

/** What becomes of one conversation. */
export type Decided = {
  row: ConversationRow;
  created: AcceptedEvent | undefined;
  closed: AcceptedEvent | undefined;
  add: AcceptedEvent[];
  remove: AcceptedEvent[];
  keep: Array<{ accepted: AcceptedEvent; reason: Reason }>;
  drop: Receipt[];
};

type Messages = { insert: AcceptedEvent[]; replace: AcceptedEvent[]; remove: AcceptedEvent[] };
type Split = Omit<Decided, "add" | "remove"> & Messages;

/** Writes it, in the order and with the columns of version 0.1.0. */
export async function save(connection: Connection, decided: readonly Decided[], now: number): Promise<void> {
  const split = decided.map(({ add, remove, ...one }): Split => ({ ...one, ...messagesOf(add, remove) }));
  const taken = await saveMessages(connection, split);
  await saveConversations(connection, split, { taken, now });
  await saveUnapplied(connection, split, taken);
}

/** Those under an id that was there already take its row over. */
function messagesOf(add: AcceptedEvent[], remove: AcceptedEvent[]): Messages {
  const idsOf = (events: readonly AcceptedEvent[]) => new Set(events.map(({ event }) => idOf(event)));
  const [added, removed] = [idsOf(add), idsOf(remove)];
  return {
    insert: add.filter(({ event }) => !removed.has(idOf(event))),
    replace: add.filter(({ event }) => removed.has(idOf(event))),
    remove: remove.filter(({ event }) => !added.has(idOf(event))),
  };
}

const write = (connection: Connection, name: string, sql: string, values: unknown[]) =>
  query<Record<string, string>>(connection, { name: `released_${name}`, sql, values });

/** Gives those whose id another conversation holds. */
async function saveMessages(connection: Connection, split: readonly Split[]): Promise<AcceptedEvent[]> {
  const { dialect } = connection;
  const insert = split.flatMap((one) => one.insert);
  const inserted = new Set<string>();
  if (insert.length > 0) {
    const columns = Object.keys(MESSAGE).join(", ");
    const order = dialect === "sqlite" ? "receipt" : "id, conversation_id";
    const sql = `insert into messages (${columns}) select ${columns} from ${rowsOf(dialect, "added", MESSAGE)}
      where true order by ${order} on conflict (id) do nothing returning id, conversation_id`;
    const rows = await write(connection, "insert_messages", sql, [asRows(insert.map(messageRow))]);
    for (const { id, conversation_id } of rows) inserted.add(`${conversation_id} ${id}`);
  }
  const replace = split.flatMap((one) => one.replace);
  if (replace.length > 0) {
    const sql = `update messages set direction = other.direction, content = other.content, timestamp = other.timestamp,
        receipt = other.receipt, words = other.words
      from ${rowsOf(dialect, "other", MESSAGE)}
      where messages.id = other.id and messages.conversation_id = other.conversation_id`;
    await write(connection, "replace_messages", sql, [asRows(replace.map(messageRow))]);
  }
  const remove = split.flatMap((one) => one.remove.map(({ event }) => idOf(event)));
  if (remove.length > 0) {
    const sql = `delete from messages where ${among(dialect, "id", "uuid")}`;
    await write(connection, "delete_messages", sql, [asList(dialect, remove)]);
  }
  return insert.filter(({ event }) => !inserted.has(`${conversationIdOf(event)} ${idOf(event)}`));
}

async function saveConversations(
  connection: Connection,
  split: readonly Split[],
  { taken, now }: { taken: readonly AcceptedEvent[]; now: number },
): Promise<void> {
  const { dialect } = connection;
  const gone = new Set(taken);
  const last = await readLast(
    connection,
    split.filter(({ created }) => created !== undefined).map(({ row }) => row.id),
  );
  const rows = split.flatMap(({ row, created, closed, insert, replace, remove }) => {
    if (created === undefined) return [];
    const applied = [created, ...(closed === undefined ? [] : [closed]), ...insert, ...replace];
    return conversationRow(row, {
      created: factOf(created),
      closed: closed === undefined ? null : factOf(closed),
      last: last.get(row.id) ?? null,
      changed: applied.map(({ receipt }) => receipt),
      added: insert.filter((one) => !gone.has(one)).length - remove.length,
    });
  });
  if (rows.length > 0) {
    const told = rows.map((row) => ({
      event: "conversation",
      conversation: Object.fromEntries(Object.entries(row).filter(([name]) => SHOWN.has(name))),
    }));
    const outbox = "insert into outbox (frames, claimed_at) values (?, ?)";
    await write(connection, "insert_outbox", outbox, [JSON.stringify(told), now]);
    const names = Object.keys(CONVERSATION).filter((name) => name !== "id");
    const sql = `update conversations set ${names.map((name) => `${name} = changed.${name}`).join(", ")}
      from ${rowsOf(dialect, "changed", CONVERSATION)} where conversations.id = changed.id`;
    await write(connection, "update_conversations", sql, [asRows(rows)]);
  }
  const unused = split.filter(({ created }) => created === undefined).map(({ row }) => row.id);
  if (unused.length > 0) {
    const sql = `delete from conversations where ${among(dialect, "id", "uuid")} and state is null`;
    await write(connection, "delete_placeholders", sql, [asList(dialect, unused)]);
  }
}

async function readLast(connection: Connection, ids: readonly string[]): Promise<Map<string, MessageRow>> {
  const rows = await query<MessageRow>(connection, {
    name: "released_last",
    sql: `select last.id, last.conversation_id, last.direction, substr(last.content, 1, 200) as content,
        last.timestamp, last.receipt
      from ${rowsOf(connection.dialect, "wanted", { conversation: "uuid" })} cross join messages as last
      where last.id = (select id from messages where conversation_id = wanted.conversation
        order by timestamp desc, receipt desc limit 1)`,
    values: [asRows(ids.map((conversation) => ({ conversation })))],
  });
  return new Map(rows.map((row) => [row.conversation_id, row]));
}

async function saveUnapplied(
  connection: Connection,
  split: readonly Split[],
  taken: readonly AcceptedEvent[],
): Promise<void> {
  const { dialect } = connection;
  const rows = [
    ...split.flatMap(({ keep }) => keep).map(({ accepted, reason }) => unappliedRow(accepted, reason)),
    ...taken.map((accepted) => unappliedRow(accepted, "MESSAGE_ID_CONFLICT")),
  ];
  if (rows.length > 0) {
    const columns = Object.keys(UNAPPLIED).join(", ");
    const sql = `insert into unapplied_events (${columns})
      select ${columns} from ${rowsOf(dialect, "added", UNAPPLIED)} where true order by receipt
      on conflict (receipt) do update set reason = excluded.reason, detail = excluded.detail`;
    await write(connection, "upsert_unapplied", sql, [asRows(rows)]);
  }
  const kept = new Set(taken.map(({ receipt }) => receipt));
  const drop = split.flatMap((one) => one.drop).filter((receipt) => !kept.has(receipt));
  if (drop.length > 0) {
    const sql = `delete from unapplied_events where ${among(dialect, "receipt", "bigint")}`;
    await write(connection, "delete_unapplied", sql, [asList(dialect, drop)]);
  }
}

/** What a frame of version 0.1.0 told of a conversation. */
const SHOWN = new Set([
  ...["id", "state", "created_at", "closed_at", "version", "message_count", "last_message_at"],
  ...["last_message_preview", "last_message_direction"],
]);

const factOf = ({ receipt, event }: AcceptedEvent) => ({ receipt, timestamp: event.timestamp });
