import type { Knex } from "knex";
import { receiptOf, type Conversation, type Timestamp, type Receipt } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { contactsOf } from "./contact-rows.ts";
import { stateOf } from "./conversations.ts";
import { deliveryColumn } from "../delivery-statements.ts";
import { stateColumn } from "../status-statements.ts";
import { rawRows } from "./raw.ts";
import {
  CONVERSATION_COLUMNS,
  conversationFrom,
  messageFrom,
  type ConversationColumns,
  type MessageColumns,
} from "./rows.ts";

/** Where a message stands among others. */
export type MessageKey = [place: Timestamp, receipt: Receipt];

/** Which page of a thread: `before` and `after` a message's key, `around` a message, `at` a time or the end. */
export type ThreadPage =
  { before: MessageKey } | { after: MessageKey } | { around: string } | { at: Timestamp | "end" };

/**
 * `older`: the key that the page before this one ends at, when there is one. `newer`: the key that the page after it
 * begins at, likewise. Whoever pages one way knows where they came from, so that only a page with two sides has both.
 */
export type Thread = { conversation: Conversation; older: MessageKey | null; newer: MessageKey | null };

export type ThreadRead =
  | ({ kind: "read" } & Thread)
  /** None was created under this id. */
  | { kind: "no conversation" }
  /** The message to read around is not in this conversation: in another, waiting, refused, or never sent. */
  | { kind: "no message" };

/** What is read on either side: so many messages below a key, and so many from it on. */
type Sides = {
  older: { below: MessageKey | null; count: number } | null;
  newer: { from: MessageKey; inclusive: boolean; count: number } | null;
};

/** Below every receipt that was ever given. */
const BELOW_ALL = receiptOf(0);

/** A page of a conversation's messages in ascending order, with its row. */
export async function readThread(
  db: Knex,
  { id, limit, page = { at: "end" } }: { id: string; limit: number; page?: ThreadPage },
): Promise<ThreadRead> {
  if (!("around" in page)) return readSides(db, { id, sides: sidesOf(page, limit) });
  const key = await keyOf(db, { id, messageId: page.around });
  if (key === null) {
    return { kind: (await stateOf(db, id)) === null ? "no conversation" : "no message" };
  }
  const read = await readSides(db, { id, sides: aroundKey(key, limit) });
  const isThere =
    read.kind !== "read" || read.conversation.messages.some((message) => message.id === page.around);
  // Taken out again, or moved, between the two statements.
  return isThere ? read : { kind: "no message" };
}

function sidesOf(page: Exclude<ThreadPage, { around: string }>, limit: number): Sides {
  if ("before" in page) return { older: { below: page.before, count: limit }, newer: null };
  if ("after" in page) return { older: null, newer: { from: page.after, inclusive: false, count: limit } };
  if (page.at === "end") return { older: { below: null, count: limit }, newer: null };
  return aroundKey([page.at, BELOW_ALL], limit);
}

/** Half a page below a key, and half a page from it on. */
const aroundKey = (key: MessageKey, limit: number): Sides => ({
  older: { below: key, count: Math.floor(limit / 2) },
  newer: { from: key, inclusive: true, count: Math.ceil(limit / 2) },
});

async function keyOf(
  db: Knex,
  { id, messageId }: { id: string; messageId: string },
): Promise<MessageKey | null> {
  const row = await db("messages")
    .where({ id: messageId, conversation_id: id })
    .first<{ timestamp: Timestamp; receipt: StoredReceipt } | undefined>("timestamp", "receipt");
  return row === undefined ? null : [row.timestamp, receiptFrom(row.receipt)];
}

type Row = ConversationColumns & {
  [Name in keyof MessageColumns as `m_${Name}`]: MessageColumns[Name] | null;
} & { is_newer: number | null };

const MESSAGE_COLUMNS = [
  "id",
  "direction",
  "content",
  "timestamp",
  "sent_at",
  "receipt",
  "author_id",
  "author_name",
  "media",
];

/**
 * One statement, so that the row and its messages are of one moment: a message that the version counts in is never
 * missing. On either side one message more is read than is shown, to know whether there are more.
 */
async function readSides(
  db: Knex,
  { id, sides: { older, newer } }: { id: string; sides: Sides },
): Promise<ThreadRead> {
  const side = (
    isNewer: 0 | 1,
    bound: string,
    direction: "asc" | "desc",
    count: number,
  ): string => `select * from (
  select ${MESSAGE_COLUMNS.map((column) => `${column} as m_${column}`).join(", ")},
    ${stateColumn("messages.id", ":id")} as m_state,
    case when author_id is not null then ${deliveryColumn("messages.id", ":id")} end as m_delivery, ${isNewer} as is_newer
    from messages where conversation_id = :id ${bound}
    order by timestamp ${direction}, receipt ${direction} limit ${count + 1}) as side_${isNewer}`;
  const bindings: Record<string, string> = { id };
  const branches: string[] = [];
  if (older !== null) {
    if (older.below !== null) [bindings["below"], bindings["belowReceipt"]] = older.below;
    const bound = older.below === null ? "" : "and (timestamp, receipt) < (:below, :belowReceipt)";
    branches.push(side(0, bound, "desc", older.count));
  }
  if (newer !== null) {
    [bindings["from"], bindings["fromReceipt"]] = newer.from;
    const bound = `and (timestamp, receipt) ${newer.inclusive ? ">=" : ">"} (:from, :fromReceipt)`;
    branches.push(side(1, bound, "asc", newer.count));
  }
  const rows = await rawRows<Row>(
    db,
    `select ${CONVERSATION_COLUMNS.map((column) => `c.${column}`).join(", ")}, page.*
      from conversations as c left join (${branches.join("\nunion all\n")}) as page on true
      where c.id = :id and c.state is not null
      order by m_timestamp, m_receipt`,
    bindings,
  );
  const [row] = rows;
  if (row === undefined) return { kind: "no conversation" };
  const found = (isNewer: 0 | 1): MessageColumns[] =>
    rows.filter(({ is_newer }) => is_newer === isNewer).flatMap(messageColumns);
  const below = found(0);
  const from = found(1);
  const isMoreBelow = older !== null && below.length > older.count;
  const isMoreFrom = newer !== null && from.length > newer.count;
  const shown = [...(isMoreBelow ? below.slice(1) : below), ...(isMoreFrom ? from.slice(0, -1) : from)];
  const first = shown.at(0);
  const last = shown.at(-1);
  return {
    kind: "read",
    conversation: { ...conversationFrom(row, await contactsOf(db, [row])), messages: shown.map(messageFrom) },
    // A page of one message at a time after the last has none to show, and still leads back.
    older: isMoreBelow ? (first === undefined ? older.below : keyFrom(first)) : null,
    newer: isMoreFrom && last !== undefined ? keyFrom(last) : null,
  };
}

const keyFrom = ({ timestamp, receipt }: MessageColumns): MessageKey => [timestamp, receiptFrom(receipt)];

function messageColumns(row: Row): MessageColumns[] {
  const { m_id, m_direction, m_content, m_timestamp, m_sent_at, m_receipt } = row;
  if (
    m_id === null ||
    m_direction === null ||
    m_content === null ||
    m_timestamp === null ||
    m_receipt === null
  ) {
    return [];
  }
  return [
    {
      id: m_id,
      direction: m_direction,
      content: m_content,
      timestamp: m_timestamp,
      sent_at: m_sent_at,
      receipt: m_receipt,
      author_id: row.m_author_id,
      author_name: row.m_author_name,
      media: row.m_media,
      state: row.m_state,
      delivery: row.m_delivery,
    },
  ];
}
