import type { Timestamp } from "@fio/contracts";
import type { AcceptedAssignment } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import type { Wanted } from "./look-up-statements.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What writes and reads who was given a conversation; `null` where there is nothing to. */

/** That no two assignments have one receipt. */
export const ASSIGNMENT_RECEIPT_INDEX = {
  name: "assignments_receipt_unique",
  table: "assignments",
  column: "receipt",
} as const;

const ASSIGNMENT: Record<string, ColumnType> = {
  content_hash: "text",
  receipt: "bigint",
  conversation_id: "uuid",
  timestamp: "text",
  agent_id: "text",
  agent_name: "text",
};

export const ASSIGNMENT_COLUMNS = Object.keys(ASSIGNMENT)
  .filter((column) => column !== "content_hash")
  .join(", ");

/** Both of the agent or none. */
export type AssignmentRow = {
  receipt: StoredReceipt;
  conversation_id: string;
  timestamp: Timestamp;
  agent_id: string | null;
  agent_name: string | null;
};

export function assignmentFrom({ receipt, ...row }: AssignmentRow): AcceptedAssignment {
  const { conversation_id: id, timestamp, agent_id, agent_name } = row;
  const agent = agent_id === null || agent_name === null ? null : { id: agent_id, name: agent_name };
  return {
    receipt: receiptFrom(receipt),
    event: { type: "ASSIGN_CONVERSATION", timestamp, data: { id, agent } },
  };
}

/** Of equal ones the one with the lowest receipt stays, whichever comes first. */
export function upsertAssignments(
  { dialect }: Connection,
  assignments: readonly AcceptedAssignment[],
): Statement | null {
  if (assignments.length === 0) return null;
  const columns = Object.keys(ASSIGNMENT).join(", ");
  return {
    name: "upsert_assignments",
    sql: `insert into assignments (${columns})
      select ${columns} from ${rowsOf(dialect, "added", ASSIGNMENT)} where true order by content_hash
      on conflict (content_hash) do update set receipt = excluded.receipt, agent_name = excluded.agent_name
        where excluded.receipt < assignments.receipt`,
    values: [
      asRows(
        assignments.map(({ receipt, event: { timestamp, data, ...event } }) => ({
          content_hash: contentHash({ ...event, timestamp, data }),
          receipt,
          conversation_id: data.id,
          timestamp,
          agent_id: data.agent?.id,
          agent_name: data.agent?.name,
        })),
      ),
    ],
  };
}

/** The applied assignments that are equal to the ones named, and of each conversation the last one that is equal to none. */
export function assignmentsNamed({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const asked = wanted.filter(({ lookups }) => lookups.assignments.length > 0);
  if (asked.length === 0) return null;
  const hashes = asList(
    dialect,
    asked.flatMap(({ lookups }) => lookups.assignments.map(contentHash)),
  );
  const isNamed = among(dialect, "content_hash", "text");
  // On Postgres by comparing rows, see load-step.ts.
  const last =
    dialect === "postgres"
      ? `(conversation_id, receipt) >= (wanted.conversation, 0) and conversation_id <= wanted.conversation
          and not (${isNamed}) order by conversation_id desc, receipt desc limit 1`
      : `conversation_id = wanted.conversation and not (${isNamed}) order by receipt desc limit 1`;
  return {
    name: "assignments_named",
    sql: `select ${ASSIGNMENT_COLUMNS} from assignments where ${isNamed}
      union all
      select ${ASSIGNMENT_COLUMNS} from ${rowsOf(dialect, "wanted", { conversation: "uuid" })} cross join assignments
        where assignments.receipt = (select receipt from assignments where ${last})`,
    values: [hashes, asRows(asked.map(({ stored }) => ({ conversation: stored.record.id }))), hashes],
  };
}
