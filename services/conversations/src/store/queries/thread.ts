import type { Knex } from "knex";
import type { Conversation, Timestamp, Receipt } from "@fio/contracts";
import { receiptFrom } from "../rows.ts";
import { pageOf } from "./page.ts";
import {
  CONVERSATION_COLUMNS,
  conversationFrom,
  messageFrom,
  type ConversationColumns,
  type MessageColumns,
} from "./rows.ts";

/** Where a message stands among others. */
export type MessageKey = [place: Timestamp, receipt: Receipt];

/** `previous`: the key of the oldest message given, when there are older ones. */
export type Thread = { conversation: Conversation; previous: MessageKey | null };

type Row = ConversationColumns & {
  [Name in keyof MessageColumns as `m_${Name}`]: MessageColumns[Name] | null;
};

/**
 * A conversation with its latest messages, or the latest before a place, in ascending order; `null` when none was
 * created under this id. One statement, so that the row and its messages are of one moment: a message that the
 * version counts in is never missing.
 */
export async function readThread(
  db: Knex,
  { id, limit, before }: { id: string; limit: number; before?: MessageKey },
): Promise<Thread | null> {
  const latest = db("messages")
    .select({
      m_id: "id",
      m_direction: "direction",
      m_content: "content",
      m_timestamp: "timestamp",
      m_sent_at: "sent_at",
      m_receipt: "receipt",
    })
    .where({ conversation_id: id })
    .orderBy([
      { column: "timestamp", order: "desc" },
      { column: "receipt", order: "desc" },
    ])
    .limit(limit + 1);
  if (before !== undefined) void latest.whereRaw("(timestamp, receipt) < (?, ?)", before);

  const rows = (await db("conversations as c")
    .leftJoin(latest.as("latest"), db.raw("true"))
    .select(CONVERSATION_COLUMNS.map((column) => `c.${column}`))
    .select("latest.*")
    .where("c.id", id)
    .whereNotNull("c.state")
    .orderBy([
      { column: "m_timestamp", order: "desc" },
      { column: "m_receipt", order: "desc" },
    ])) as Row[];
  const [row] = rows;
  if (row === undefined) return null;
  const page = pageOf(rows.flatMap(messageColumns), {
    limit,
    item: messageFrom,
    key: ({ timestamp, receipt }): MessageKey => [timestamp, receiptFrom(receipt)],
  });
  return {
    conversation: { ...conversationFrom(row), messages: page.items.toReversed() },
    previous: page.next,
  };
}

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
    },
  ];
}
