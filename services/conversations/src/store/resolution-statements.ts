import type { AcceptedAct, PostedEvent, Receipt, RejectionReason, Resolution } from "@fio/contracts";
import type { UnappliedEvent } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What writes and reads the acts of agents about refused events. */

/** That no two acts have one receipt. */
export const ACT_RECEIPT_INDEX = {
  name: "resolutions_act_receipt_unique",
  table: "resolutions",
  column: "act_receipt",
} as const;

const RESOLUTION: Record<string, ColumnType> = {
  content_hash: "text",
  act_receipt: "bigint",
  refused_receipt: "bigint",
  conversation_id: "uuid",
  timestamp: "text",
  how: "text",
  carried_to: "uuid",
};

export type ActRow = {
  act_receipt: StoredReceipt;
  refused_receipt: StoredReceipt;
  conversation_id: string;
  timestamp: PostedEvent["timestamp"];
  how: "seen" | "carried";
  carried_to: string | null;
};

export function actFrom(row: ActRow): AcceptedAct {
  const { conversation_id, how, carried_to } = row;
  const refused = { receipt: receiptFrom(row.refused_receipt), conversation_id };
  return {
    receipt: receiptFrom(row.act_receipt),
    event: {
      type: "RESOLVE_REJECTION",
      timestamp: row.timestamp,
      data:
        how === "carried" && carried_to !== null
          ? { ...refused, how, carried_to }
          : { ...refused, how: "seen" },
    },
  };
}

/**
 * Of equal acts the one with the lowest receipt stays, whichever comes first. Gives back those that are new here, or lower.
 * The acts are distinct.
 */
export function upsertActs({ dialect }: Connection, acts: readonly AcceptedAct[]): Statement {
  const columns = Object.keys(RESOLUTION).join(", ");
  return {
    name: "upsert_acts",
    sql: `insert into resolutions (${columns})
      select ${columns} from ${rowsOf(dialect, "added", RESOLUTION)}
        where not exists (select 1 from resolutions as known
          where known.content_hash = added.content_hash and known.act_receipt <= added.act_receipt)
        order by act_receipt
      on conflict (content_hash) do update set act_receipt = excluded.act_receipt
        where excluded.act_receipt < resolutions.act_receipt
      returning refused_receipt`,
    values: [
      asRows(
        acts.map(({ receipt, event }) => ({
          content_hash: contentHash(event),
          act_receipt: receipt,
          refused_receipt: event.data.receipt,
          conversation_id: event.data.conversation_id,
          timestamp: event.timestamp,
          how: event.data.how,
          carried_to: event.data.how === "carried" ? event.data.carried_to : null,
        })),
      ),
    ],
  };
}

export type KnownActRow = { content_hash: string; act_receipt: StoredReceipt };

/** The receipts at which these acts count. */
export const selectActs = ({ dialect }: Connection, hashes: readonly string[]): Statement => ({
  name: "select_acts",
  sql: `select content_hash, act_receipt from resolutions where ${among(dialect, "content_hash", "text")}`,
  values: [asList(dialect, hashes)],
});

/** A refused event's row, as readers are told of it. */
export type RefusedRow = {
  receipt: StoredReceipt;
  conversation_id: string;
  event: string;
  reason: RejectionReason;
  detail: string | null;
};

/** The event of the row; acts are about events of the law, and about acts that failed. */
export function keptFrom({ receipt, event, reason, detail }: RefusedRow): UnappliedEvent {
  const kept = { receipt: receiptFrom(receipt), event: JSON.parse(event) as UnappliedEvent["event"], reason };
  return detail === null ? kept : { ...kept, detail };
}

/** Marks what these acts are about, where it is kept, and gives it back. */
export const markResolved = ({ dialect }: Connection, acts: readonly AcceptedAct[]): Statement => ({
  name: "mark_resolved",
  sql: `update unapplied_events set resolved = 1, late_place = null
    from ${rowsOf(dialect, "acts", { receipt: "bigint", conversation: "uuid" })}
    where unapplied_events.receipt = acts.receipt and unapplied_events.conversation_id = acts.conversation
    returning unapplied_events.receipt, unapplied_events.conversation_id, unapplied_events.event,
      unapplied_events.reason, unapplied_events.detail`,
  values: [
    asRows(
      acts.map(({ event: { data } }) => ({ receipt: data.receipt, conversation: data.conversation_id })),
    ),
  ],
});

/** Acts that had failed by our own fault, and are applied now. */
export const deleteFailedActs = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "delete_failed_acts",
  sql: `delete from unapplied_events
    where ${among(dialect, "receipt", "bigint")} and type = 'RESOLVE_REJECTION'
    returning receipt, conversation_id`,
  values: [asList(dialect, receipts)],
});

/** What is read of the act that counts for a refused event; null where there is none. */
export type ActColumns = {
  how: "seen" | "carried" | null;
  carried_to: string | null;
  act_receipt: StoredReceipt | null;
};

/**
 * SQL for {@link ActColumns}; both arguments are SQL. A look-up for each column: joined, Postgres may read all acts to find
 * those of a page.
 */
export const actColumns = (receipt: string, conversation: string): string =>
  ["how", "carried_to", "act_receipt"]
    .map(
      (column) => `(select act.${column} from resolutions as act
        where act.refused_receipt = ${receipt} and act.conversation_id = ${conversation}
        order by act.act_receipt desc limit 1) as ${column}`,
    )
    .join(", ");

export const resolutionOf = ({ how, carried_to, act_receipt }: ActColumns): Resolution | null => {
  if (how === null || act_receipt === null) return null;
  const receipt = receiptFrom(act_receipt);
  return carried_to === null ? { how, receipt } : { how, carried_to, receipt };
};

export type ResolutionRow = ActColumns & { receipt: StoredReceipt; conversation_id: string };

/** What agents did about these events; `null` where there are none. */
export function selectResolutions(
  { dialect }: Connection,
  refused: ReadonlyArray<{ receipt: Receipt; conversation_id: string }>,
): Statement | null {
  if (refused.length === 0) return null;
  return {
    name: "select_resolutions",
    sql: `select refused.receipt, refused.conversation_id, ${actColumns("refused.receipt", "refused.conversation_id")}
      from ${rowsOf(dialect, "refused", { receipt: "bigint", conversation_id: "uuid" })}`,
    values: [asRows(refused)],
  };
}
