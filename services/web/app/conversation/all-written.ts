import type { Message, Rejection } from "@fio/contracts";
import { placeOf } from "@fio/contracts/place";
import { receiptMilliseconds } from "@fio/contracts/receipts";
import type { Entry } from "../outbox/entry.ts";
import type { Written } from "./copied-messages.ts";
import { writtenAfterClose } from "./thread-items.ts";

/** All that stands in a thread: its messages, below them what was written after the close, then what is on its way. */
export function allWritten({
  messages,
  refused,
  entries,
}: {
  messages: readonly Message[];
  refused: readonly Rejection[];
  entries: readonly Entry[];
}): Written[] {
  const late = writtenAfterClose(refused);
  const told = new Set([...messages.map(({ id }) => id), ...late.map(({ event }) => event.data["id"])]);
  return [
    ...messages.map((message) => ({ ...message, place: placeOf(message) })),
    ...late.map(({ receipt, event, delivery }): Written => {
      const sent = event.data["direction"] === "SENT";
      return {
        direction: sent ? "SENT" : "RECEIVED",
        content: event.data["content"] ?? "",
        place: new Date(receiptMilliseconds(receipt)).toISOString(),
        mark: sent && delivery?.state !== "delivered" ? "copy.lateSent" : "copy.late",
      };
    }),
    ...entries
      .filter(({ id }) => !told.has(id))
      .map(({ event, state }): Written => ({
        direction: event.data.direction,
        content: event.data.content,
        place: event.timestamp,
        mark: state === "refused" || state === "invalid" ? "copy.unsent" : "copy.onItsWay",
      })),
  ];
}
