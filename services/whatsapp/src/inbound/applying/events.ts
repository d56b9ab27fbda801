import type { ContactSaid, PostedEvent, Receipt, Timestamp } from "@fio/contracts";
import type { SaidMessage, SaidStatus } from "../reading/facts.ts";
import type { Person } from "../reading/person.ts";

/** Facts as the events that ingest takes. */

const said = ({ channel, id, name, phone }: Person): ContactSaid => ({
  ...{ channel, id },
  ...(name === null ? {} : { name }),
  ...(phone === null ? {} : { phone }),
});

export const creation = (
  conversationId: string,
  { person, timestamp }: { person: Person; timestamp: Timestamp },
): PostedEvent => ({
  type: "NEW_CONVERSATION",
  timestamp,
  data: { id: conversationId, contact: said(person) },
});

export const messageIn = (
  conversationId: string,
  { id, direction, content, timestamp, media }: SaidMessage,
): PostedEvent => ({
  type: "NEW_MESSAGE",
  timestamp,
  data: {
    id,
    direction,
    content,
    conversation_id: conversationId,
    ...(media === undefined ? {} : { media }),
  },
});

export const closing = (conversationId: string, timestamp: Timestamp): PostedEvent => ({
  type: "CLOSE_CONVERSATION",
  timestamp,
  data: { id: conversationId },
});

export const statusIn = (
  conversationId: string,
  { sent, status, timestamp, detail }: SaidStatus,
): PostedEvent => ({
  type: "MESSAGE_STATUS",
  timestamp,
  data: {
    message_id: sent.messageId,
    conversation_id: conversationId,
    status,
    ...(detail === null ? {} : { detail }),
  },
});

/** `formerly`: another id of the same person. */
export const update = (
  person: Person,
  { formerly, timestamp }: { formerly: string | null; timestamp: Timestamp },
): PostedEvent => ({
  type: "UPDATE_CONTACT",
  timestamp,
  data: { ...said(person), ...(formerly === null ? {} : { formerly }) },
});

export const carried = (
  { receipt, conversationId }: { receipt: Receipt; conversationId: string },
  { to, timestamp }: { to: string; timestamp: Timestamp },
): PostedEvent => ({
  type: "RESOLVE_REJECTION",
  timestamp,
  data: { receipt, conversation_id: conversationId, how: "carried", carried_to: to },
});
