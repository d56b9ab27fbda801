import type { Direction, Receipt, Timestamp } from "@fio/contracts";
import { lastSentFrom as lastSent, type LastSent, type StoredReceipt } from "./rows.ts";
import type { Dialect } from "./connect.ts";
import { hasFailed } from "./status-statements.ts";
import { among, asList, asRows, rowsOf, type Connection, type Statement } from "./sql.ts";

/*
 * What finds out since when customers wait, a few steps down an index for each conversation; `null` where nobody asks.
 *
 * Which index is walked, and how far, must not depend on what Postgres takes for common. Where it takes a direction for
 * rare it would rather sort whole conversations, so it is not told which one is sought. Said with `=` and an order by
 * receipt, it may walk the index by receipt alone, past all other conversations: so those walks compare rows.
 */

const isFrom = (dialect: Dialect, direction: Direction): string =>
  `${dialect === "postgres" ? "strpos" : "instr"}(direction, '${direction}') > 0`;

const ABOVE_ALL = "9999999999999999";

const WANTED = { conversation: "uuid" } as const;

const wantedRows = (conversations: readonly string[]): string =>
  asRows(conversations.map((conversation) => ({ conversation })));

/** The highest receipt of a conversation's rows in a table. */
const highestReceipt = (dialect: Dialect, table: string, condition: string): string =>
  dialect === "postgres"
    ? `select receipt from ${table}
        where (conversation_id, receipt) <= (wanted.conversation, ${ABOVE_ALL})
          and conversation_id >= wanted.conversation and ${condition}
        order by conversation_id desc, receipt desc limit 1`
    : `select receipt from ${table} where conversation_id = wanted.conversation and ${condition}
        order by receipt desc limit 1`;

export type LastSentRow = {
  conversation: string;
  place: Timestamp | null;
  receipt: StoredReceipt | null;
};

/**
 * Walks back over what came after it, and over what did not reach the phone: it is asked for only where the last one goes,
 * and by backfills.
 */
export function selectLastSent({ dialect }: Connection, conversations: readonly string[]): Statement | null {
  if (conversations.length === 0) return null;
  const counts = `${isFrom(dialect, "SENT")} and not ${hasFailed("messages.id", "messages.conversation_id")}`;
  return {
    name: "last_sent",
    sql: `select wanted.conversation,
        (select timestamp from messages
          where conversation_id = wanted.conversation and ${counts}
          order by timestamp desc limit 1) as place,
        (${highestReceipt(dialect, "messages", counts)}) as receipt
      from ${rowsOf(dialect, "wanted", WANTED)}`,
    values: [wantedRows(conversations)],
  };
}

export const lastSentFrom = (rows: readonly LastSentRow[]): Map<string, LastSent | null> =>
  new Map(rows.map(({ conversation, place, receipt }) => [conversation, lastSent(place, receipt)]));

export type LastReceivedRow = {
  conversation: string;
  applied: StoredReceipt | null;
  late: StoredReceipt | null;
};

/** `leaving`: receipts of late messages that are late no more, though their rows still say so. */
export function selectLastReceived(
  { dialect }: Connection,
  conversations: readonly string[],
  leaving: readonly Receipt[],
): Statement | null {
  if (conversations.length === 0) return null;
  const isStillLate = `late_place is not null and not (${among(dialect, "receipt", "bigint")})`;
  return {
    name: "last_received",
    sql: `select wanted.conversation,
        (${highestReceipt(dialect, "messages", isFrom(dialect, "RECEIVED"))}) as applied,
        (${highestReceipt(dialect, "unapplied_events", isStillLate)}) as late
      from ${rowsOf(dialect, "wanted", WANTED)}`,
    values: [asList(dialect, leaving), wantedRows(conversations)],
  };
}

export type SinceRow = { conversation: string; by_place: Timestamp | null; by_receipt: Timestamp | null };

/**
 * The lowest places above the last one sent: by place the next in the index, by receipt the lowest of all above, which
 * are few unless a customer writes thousands of messages that nobody answers.
 */
export function selectUnanswered(
  { dialect }: Connection,
  wanted: ReadonlyArray<{ conversation: string; lastSent: LastSent | null }>,
): Statement | null {
  if (wanted.length === 0) return null;
  // Planned for itself, or the lowest place would be sought by place.
  const fence = dialect === "postgres" ? "offset 0" : "limit -1 offset 0";
  return {
    name: "unanswered",
    sql: `select wanted.conversation,
        (select timestamp from messages
          where conversation_id = wanted.conversation and timestamp > wanted.place
            and ${isFrom(dialect, "RECEIVED")}
          order by timestamp limit 1) as by_place,
        (select min(above.timestamp) from (
          select timestamp from messages
            where conversation_id = wanted.conversation and receipt > wanted.receipt and ${isFrom(dialect, "RECEIVED")}
            ${fence}) as above) as by_receipt
      from ${rowsOf(dialect, "wanted", { conversation: "uuid", place: "text", receipt: "bigint" })}`,
    values: [
      asRows(
        wanted.map(({ conversation, lastSent }) => ({
          conversation,
          // Where nothing was sent all is above by its place alone.
          place: lastSent?.place ?? "",
          receipt: lastSent?.receipt ?? ABOVE_ALL,
        })),
      ),
    ],
  };
}

/** The lowest place of a late message. `leaving` as above. */
export function selectLate(
  { dialect }: Connection,
  conversations: readonly string[],
  leaving: readonly Receipt[],
): Statement | null {
  if (conversations.length === 0) return null;
  return {
    name: "late",
    sql: `select wanted.conversation, null as by_receipt,
        (select late_place from unapplied_events
          where conversation_id = wanted.conversation and late_place is not null
            and not (${among(dialect, "receipt", "bigint")})
          order by late_place limit 1) as by_place
      from ${rowsOf(dialect, "wanted", WANTED)}`,
    values: [asList(dialect, leaving), wantedRows(conversations)],
  };
}
