import { timestampOf, type MessageToSend } from "@fio/contracts";
import type { Taken } from "../store/delivery-turns.ts";

/** Of the same message the same at every attempt, as long as nothing else is said of the customer. */
export function bodyOf({ conversation, createdAt, message, contact }: Taken): string {
  const { id, content, timestamp, author } = message;
  const body: MessageToSend = {
    type: "message.send",
    timestamp: timestampOf(createdAt),
    data: { message: { id, content, timestamp, author }, conversation: { id: conversation }, contact },
  };
  return JSON.stringify(body);
}
