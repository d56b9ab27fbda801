import type { AcceptedEvent } from "@fio/contracts";

/** By what an operator finds an event in the log: the receipt that its sender was given, and its own id. */
export const eventNames = (events: readonly AcceptedEvent[]): { receipts: string[]; ids: string[] } => ({
  receipts: events.map(({ receipt }) => receipt),
  ids: events.map(({ event }) => event.data.id),
});
