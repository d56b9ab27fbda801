import {
  idOf,
  type AcceptedEvent,
  type Change,
  type ContactRow,
  type ConversationRow,
  type NewMessage,
} from "@fio/contracts";
import type { AcceptedStatus } from "../domain/index.ts";
import { isToLeave } from "./delivery-statements.ts";
import type { StoredConversation } from "./rows.ts";
import { statusOfEvent } from "./status-statements.ts";
import { activityOf, type MessageChanges } from "./conversation-after.ts";

/** As the transaction that tells of a message writes it. */
const BEGUN = { state: "waiting", version: 1 } as const;

/** What clients are told of one changed conversation. None for a placeholder, which nobody is shown. */
export function changesOf(
  stored: StoredConversation,
  { insert, replace, remove }: MessageChanges,
  {
    contact,
    statuses = [],
    delivers = false,
  }: { contact?: ContactRow | undefined; statuses?: readonly AcceptedStatus[]; delivers?: boolean },
): Change[] {
  const row = rowOf(stored, contact);
  if (row === null) return [];
  const of = { conversation_id: stored.record.id, version: stored.version };
  return [
    { event: "conversation", conversation: row },
    ...[...insert, ...replace].map((added): Change => ({
      event: "message",
      ...of,
      message: { ...messageOf(added), ...(delivers && isToLeave(added) ? { delivery: BEGUN } : {}) },
    })),
    ...remove.map(({ receipt, event }): Change => ({
      event: "message_removed",
      ...of,
      message_id: idOf(event),
      receipt,
    })),
    ...statuses.map((accepted): Change => ({
      event: "message_status",
      ...of,
      message_id: accepted.event.data.message_id,
      state: statusOfEvent(accepted),
    })),
  ];
}

/** Before the row, so that whoever is not to see it any more is told so first. Of a new one nobody knew. */
export function assignedChanges(
  before: StoredConversation["record"],
  { record, version }: StoredConversation,
): Change[] {
  const from = before.assigned?.agent?.id ?? null;
  const to = record.assigned?.agent?.id ?? null;
  if (before.created === null || from === to) return [];
  return [{ event: "assigned", conversation_id: record.id, version, from, to }];
}

function rowOf(stored: StoredConversation, contact?: ContactRow): ConversationRow | null {
  const { record, version, messageCount, last, unanswered } = stored;
  const activity = activityOf(stored);
  if (record.created === null || activity === null) return null;
  return {
    id: record.id,
    state: record.closed === null ? "OPEN" : "CLOSED",
    created_at: record.created.timestamp,
    closed_at: record.closed?.timestamp ?? null,
    version,
    message_count: messageCount,
    activity_at: activity,
    last_message_at: last?.place ?? null,
    last_message_preview: last?.preview ?? null,
    last_message_direction: last?.direction ?? null,
    waiting_since: unanswered.since,
    last_received_receipt: unanswered.lastReceivedReceipt,
    ...(contact === undefined ? {} : { contact }),
    ...(record.assigned === null || record.assigned.agent === null
      ? {}
      : { assigned_to: record.assigned.agent }),
  };
}

function messageOf({ receipt, event }: AcceptedEvent): Extract<Change, { event: "message" }>["message"] {
  const { timestamp, data } = event as NewMessage;
  const { id, direction, content, author, media } = data;
  return {
    ...{ id, direction, content, timestamp, receipt },
    ...(author === undefined ? {} : { author }),
    ...(media === undefined ? {} : { media }),
  };
}
