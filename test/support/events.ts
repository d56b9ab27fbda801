import { randomUUID } from "node:crypto";

/** An event as a sender writes it: the timestamp without an offset. */
export type SentEvent = { type: string; timestamp: string; data: Record<string, string> };

const TIMESTAMP = "2025-02-21T10:20:41.349308";

export function creation(id: string = randomUUID(), timestamp = TIMESTAMP): SentEvent {
  return { type: "NEW_CONVERSATION", timestamp, data: { id } };
}

export function message(
  conversation: string,
  {
    id = randomUUID(),
    direction = "RECEIVED",
    content = "Olá, tudo bem?",
    timestamp = "2025-02-21T10:20:42.349308",
  }: { id?: string; direction?: "RECEIVED" | "SENT"; content?: string; timestamp?: string } = {},
): SentEvent {
  return { type: "NEW_MESSAGE", timestamp, data: { id, direction, content, conversation_id: conversation } };
}

export function close(id: string, timestamp = "2025-02-21T10:20:45.349308"): SentEvent {
  return { type: "CLOSE_CONVERSATION", timestamp, data: { id } };
}
