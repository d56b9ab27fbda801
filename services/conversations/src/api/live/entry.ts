import { CHANGES_FIELD, contactKeyOf, type Change, type ConversationRow, type Receipt } from "@fio/contracts";
import { frame, rowText } from "./frames.ts";
import type { Position } from "@fio/contracts";

/**
 * A changed row, ready to be sent; `text` lacks the blank line that ends a frame. `isListed`: the row of a conversation, which
 * whoever reads the list again finds there.
 */
export type ChangedRow = {
  id: string;
  version: number;
  text: string;
  position: Position;
  isListed: boolean;
  /** Of a conversation's row: who has it, by the account's id. */
  holder?: string | null;
  /** Of a contact's: its key. */
  contact?: string;
};
/** A changed message, ready to be sent to whoever follows its conversation. `receipt` of one that was added. */
export type ChangedMessage = { conversation: string; bytes: Buffer; receipt: Receipt | null };

/** A conversation that somebody else has from a version on; `bytes` for those who may not see it any more. */
export type GivenConversation = {
  conversation: string;
  version: number;
  from: string | null;
  to: string | null;
  bytes: Buffer;
};

export type ErasedConversation = { conversation: string; bytes: Buffer };

/** An entry of the stream: changes of one transaction, each put into its frame once for all clients. */
export type Entry = {
  position: Position;
  rows: ChangedRow[];
  messages: ChangedMessage[];
  given: GivenConversation[];
  /** Conversations that were erased for good: every client is told. */
  erased: ErasedConversation[];
  /** Of its text in Redis, about what it takes here. */
  size: number;
};

/** Throws when the entry is not what a worker writes. `graceMs`: how long nobody is told of what waits. */
export function entryFrom(
  position: Position,
  fields: readonly string[],
  { graceMs }: { graceMs: number },
): Entry {
  const text = fields[fields.indexOf(CHANGES_FIELD) + 1] ?? "";
  const changes = JSON.parse(text) as Change[];
  const entry: Entry = { position, rows: [], messages: [], given: [], erased: [], size: text.length };
  for (const change of changes) {
    switch (change.event) {
      case "conversation": {
        const conversation = asNow(change.conversation);
        const { id, version } = conversation;
        const text = rowText({ ...change, conversation });
        entry.rows.push({
          id,
          version,
          text,
          position,
          isListed: true,
          holder: conversation.assigned_to?.id ?? null,
        });
        break;
      }
      case "assigned": {
        const { conversation_id, version, from, to } = change;
        const bytes = Buffer.from(frame({ event: "unseen", conversation_id }));
        entry.given.push({ conversation: conversation_id, version, from, to, bytes });
        break;
      }
      case "message":
      case "message_removed":
      case "message_status":
      case "message_delivery":
      case "rejection":
        entry.messages.push({
          conversation: change.conversation_id,
          bytes: Buffer.from(frame(change)),
          receipt: change.event === "message" ? change.message.receipt : null,
        });
        break;
      case "refusals": {
        // Coalesced as rows are: everyone gets the latest of each kind.
        const reported = change.what === "waiting" ? { ...change, reported_in: graceMs } : change;
        const text = rowText(reported);
        entry.rows.push({ id: `refusals ${change.what}`, version: 0, text, position, isListed: false });
        break;
      }
      case "deliveries":
        // Coalesced likewise.
        entry.rows.push({ id: "deliveries", version: 0, text: rowText(change), position, isListed: false });
        break;
      case "contact": {
        const { contact } = change;
        const key = contactKeyOf(contact);
        const row = { id: `contact ${key}`, version: contact.version, text: rowText(change), position };
        entry.rows.push({ ...row, isListed: true, contact: key });
        break;
      }
      case "erased":
        entry.erased.push({ conversation: change.conversation_id, bytes: Buffer.from(frame(change)) });
        break;
      default:
        // Of a newer worker: clients of this version have no use for it.
        change satisfies never;
    }
  }
  return entry;
}

type Since = "activity_at" | "waiting_since" | "last_received_receipt";

/**
 * Workers of the version before, which finish beside this one, leave out what clients sort and mark by. Of who waits, the
 * newest message tells most; a backfill sends what is right once it has come by.
 */
function asNow(row: Omit<ConversationRow, Since> & Partial<Pick<ConversationRow, Since>>): ConversationRow {
  const { created_at: created, last_message_at: last } = row;
  const isAsked = row.state === "OPEN" && row.last_message_direction === "RECEIVED";
  return {
    ...row,
    activity_at: row.activity_at ?? (last !== null && last > created ? last : created),
    waiting_since: row.waiting_since === undefined && isAsked ? last : (row.waiting_since ?? null),
    last_received_receipt: row.last_received_receipt ?? null,
  };
}
