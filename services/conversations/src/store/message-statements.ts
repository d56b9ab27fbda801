import { idOf, placeOf, type AcceptedEvent, type NewMessage } from "@fio/contracts";
import { messageFrom, type LastMessage, type MessageRow } from "./rows.ts";
import { wordsOf } from "./message-words.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";
import { lastMessageOf } from "./conversation-after.ts";

/* What changes rows of messages, for all conversations of a batch at once; `null` where there is nothing to write. */

const MESSAGE: Record<string, ColumnType> = {
  id: "uuid",
  conversation_id: "uuid",
  direction: "text",
  content: "text",
  timestamp: "text",
  sent_at: "text",
  receipt: "bigint",
  words: "text",
  author_id: "text",
  author_name: "text",
  media: "text",
};

const messageRow = ({ receipt, event }: AcceptedEvent): object => {
  const message = event as NewMessage;
  const place = placeOf({ timestamp: message.timestamp, receipt });
  const sentAt = message.timestamp === place ? null : message.timestamp;
  const { author, media, ...data } = message.data;
  return {
    ...data,
    author_id: author?.id,
    author_name: author?.name,
    media: media === undefined ? null : JSON.stringify(media),
    timestamp: place,
    sent_at: sentAt,
    receipt,
    words: wordsOf({ receipt, event: message }),
  };
};

export type Inserted = { id: string; conversation_id: string };

/**
 * Gives back what went in: the rest is held by another conversation. In id order, so that two transactions which
 * want the same ids wait for each other in one direction only. On SQLite, with its one writer, in the order of
 * receipts, which number the rows of the search index: it writes out what it has gathered at each that goes back.
 */
export function insertMessages(
  { dialect }: Connection,
  messages: readonly AcceptedEvent[],
): Statement | null {
  if (messages.length === 0) return null;
  const columns = Object.keys(MESSAGE).join(", ");
  const order = dialect === "sqlite" ? "receipt" : "id, conversation_id";
  return {
    name: "insert_messages",
    sql: `insert into messages (${columns})
      select ${columns} from ${rowsOf(dialect, "added", MESSAGE)} where true order by ${order}
      on conflict (id) do nothing returning id, conversation_id`,
    values: [asRows(messages.map(messageRow))],
  };
}

/** Another event of the same conversation takes a message's row over. */
export function replaceMessages(
  { dialect }: Connection,
  messages: readonly AcceptedEvent[],
): Statement | null {
  if (messages.length === 0) return null;
  return {
    name: "replace_messages",
    sql: `update messages
      set direction = other.direction, content = other.content, timestamp = other.timestamp,
        sent_at = other.sent_at, receipt = other.receipt, words = other.words,
        author_id = other.author_id, author_name = other.author_name, media = other.media
      from ${rowsOf(dialect, "other", MESSAGE)}
      where messages.id = other.id and messages.conversation_id = other.conversation_id`,
    values: [asRows(messages.map(messageRow))],
  };
}

export function deleteMessages(
  { dialect }: Connection,
  messages: readonly AcceptedEvent[],
): Statement | null {
  if (messages.length === 0) return null;
  return {
    name: "delete_messages",
    sql: `delete from messages where ${among(dialect, "id", "uuid")}`,
    values: [
      asList(
        dialect,
        messages.map(({ event }) => idOf(event)),
      ),
    ],
  };
}

export type LastRow = MessageRow;

/** The newest message of each conversation, one step down an index for each. */
export function selectLast({ dialect }: Connection, conversations: readonly string[]): Statement | null {
  if (conversations.length === 0) return null;
  return {
    name: "last_messages",
    sql: `select last.id, last.conversation_id, last.direction, substr(last.content, 1, 200) as content,
        last.timestamp, last.sent_at, last.receipt, last.author_id, last.author_name, null as media
      from ${rowsOf(dialect, "wanted", { conversation: "uuid" })}
      cross join messages as last
      where last.id = (
        select id from messages where conversation_id = wanted.conversation
        order by timestamp desc, receipt desc limit 1
      )`,
    values: [asRows(conversations.map((conversation) => ({ conversation })))],
  };
}

export function lastFrom(rows: readonly LastRow[]): Map<string, LastMessage> {
  return new Map(rows.map((row) => [row.conversation_id, lastMessageOf(messageFrom(row))]));
}
