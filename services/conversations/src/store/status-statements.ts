import { rankOf, type DeliveryStatus, type MessageState, type Timestamp } from "@fio/contracts";
import type { AcceptedStatus } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import type { Wanted } from "./look-up-statements.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What writes and reads the statuses of messages; `null` where there is nothing to. */

/** That no two statuses have one receipt. */
export const STATUS_RECEIPT_INDEX = {
  name: "message_statuses_receipt_unique",
  table: "message_statuses",
  column: "receipt",
} as const;

const STATUS: Record<string, ColumnType> = {
  content_hash: "text",
  receipt: "bigint",
  message_id: "uuid",
  conversation_id: "uuid",
  timestamp: "text",
  status: "text",
  detail: "text",
  rank: "text",
};

export const STATUS_COLUMNS = Object.keys(STATUS)
  .filter((column) => column !== "content_hash" && column !== "rank")
  .join(", ");

export type StatusRow = {
  receipt: StoredReceipt;
  message_id: string;
  conversation_id: string;
  timestamp: Timestamp;
  status: DeliveryStatus;
  detail: string | null;
};

export function statusFrom({ receipt, timestamp, detail, ...data }: StatusRow): AcceptedStatus {
  const { message_id, conversation_id, status } = data;
  return {
    receipt: receiptFrom(receipt),
    event: {
      type: "MESSAGE_STATUS",
      timestamp,
      data: { message_id, conversation_id, status, ...(detail === null ? {} : { detail }) },
    },
  };
}

/** Of equal ones the one with the lowest receipt stays, whichever comes first. */
export function upsertStatuses(
  { dialect }: Connection,
  statuses: readonly AcceptedStatus[],
): Statement | null {
  if (statuses.length === 0) return null;
  const columns = Object.keys(STATUS).join(", ");
  return {
    name: "upsert_statuses",
    sql: `insert into message_statuses (${columns})
      select ${columns} from ${rowsOf(dialect, "added", STATUS)} where true order by content_hash
      on conflict (content_hash) do update set receipt = excluded.receipt, detail = excluded.detail
        where excluded.receipt < message_statuses.receipt`,
    values: [
      asRows(
        statuses.map(({ receipt, event }) => ({
          ...event.data,
          content_hash: contentHash(event),
          receipt,
          timestamp: event.timestamp,
          rank: rankOf({ ...event.data, timestamp: event.timestamp }),
        })),
      ),
    ],
  };
}

/** The applied statuses that are equal to the ones named. */
export function statusesEqual({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const hashes = wanted.flatMap(({ lookups }) => lookups.statusEqualTo.map(contentHash));
  return hashes.length === 0
    ? null
    : {
        name: "statuses_equal",
        sql: `select ${STATUS_COLUMNS} from message_statuses where ${among(dialect, "content_hash", "text")}`,
        values: [asList(dialect, hashes)],
      };
}

/**
 * SQL for a message's state, to be read by {@link stateFrom}; null where no status is known. One look-up, and no join: that
 * would have its page sorted once more.
 */
export const stateColumn = (message: string, conversation: string): string =>
  `(select status || ' ' || timestamp || ' ' || coalesce(detail, '') from message_statuses
    where message_id = ${message} and conversation_id = ${conversation} order by rank desc limit 1)`;

/** What was known, before this turn, of the messages that statuses come for. */
export function statesBefore({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const asked = wanted.flatMap(({ lookups }) => lookups.statusEqualTo.map(({ data }) => data));
  return asked.length === 0
    ? null
    : {
        name: "states_before",
        sql: `select wanted.message_id, wanted.conversation_id, ${stateColumn("wanted.message_id", "wanted.conversation_id")} as state
          from ${rowsOf(dialect, "wanted", { message_id: "uuid", conversation_id: "uuid" })}`,
        values: [asRows(asked.map(({ message_id, conversation_id }) => ({ message_id, conversation_id })))],
      };
}

export type StateRow = { message_id: string; conversation_id: string; state: string | null };

/** SQL that holds for a message which the phone did not get, as far as is known. */
export const hasFailed = (message: string, conversation: string): string =>
  `coalesce((select status from message_statuses
    where message_id = ${message} and conversation_id = ${conversation} order by rank desc limit 1), '') = 'FAILED'`;

/** To be spread: no key where no status is known. */
export function stateFrom(column: string | null | undefined): { state?: MessageState } {
  const [, status, timestamp, detail] = /^(\w+) (\S+) (.*)$/s.exec(column ?? "") ?? [];
  if (status === undefined || timestamp === undefined) return {};
  const state = { status: status as DeliveryStatus, timestamp: timestamp as Timestamp };
  return { state: detail === "" ? state : { ...state, detail } };
}

/** What readers are told of it. */
export const statusOfEvent = ({ event }: AcceptedStatus): MessageState => {
  const { status, detail } = event.data;
  return { status, timestamp: event.timestamp, ...(detail === undefined ? {} : { detail }) };
};
