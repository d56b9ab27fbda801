import { nameOf, type PostedEvent, type Receipt } from "@fio/contracts";

/** What identifies events in the log: the receipts that their senders got, and their own ids. */
export const eventNames = (
  events: ReadonlyArray<{ event: PostedEvent }>,
  receipts: readonly Receipt[],
): { receipts: readonly Receipt[]; ids: string[] } => ({
  receipts,
  ids: events.map(({ event }) => nameOf(event)),
});
