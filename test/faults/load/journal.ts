import { createWriteStream } from "node:fs";
import type { ContactUpdate, Receipt, WebhookEvent } from "@fio/contracts";

/** What the sender model posts: events of conversations, and what it says of customers. */
export type SentEvent = WebhookEvent | ContactUpdate;
export type AcceptedSent = { receipt: Receipt; event: SentEvent };

/** One event that was answered 2xx, with when it was sent and when the answer was read, in milliseconds. */
export type Acknowledged = AcceptedSent & { sentAt: number; answeredAt: number };

/** What the sender knows: every receipt it was given, and how often it was left without an answer. */
export type Journal = {
  sent: () => number;
  acknowledged: readonly Acknowledged[];
  /** How many attempts with this event may have been accepted although no answer said so, by {@link contentKey}. */
  unsure: ReadonlyMap<string, number>;
  /** 4xx: the sender model posts valid events only, so that each is a fault of ours. */
  refused: ReadonlyArray<{ status: number; body: string }>;
  /** What the fault suite knows to have been made to fail on purpose. */
  poisoned: ReadonlySet<string>;
  sending: (events: readonly SentEvent[]) => void;
  accept: (
    events: readonly SentEvent[],
    receipts: readonly Receipt[],
    times: { sentAt: number; answeredAt: number },
  ) => void;
  leaveUnsure: (events: readonly SentEvent[]) => void;
  refuse: (status: number, body: string) => void;
  poison: (event: SentEvent) => void;
  close: () => Promise<void>;
};

/** Keeps it in memory, and each receipt with its event as a line of `file`, for whoever looks into a failure. */
export function openJournal(file: string): Journal {
  const lines = createWriteStream(file, { flags: "a" });
  let sent = 0;
  const acknowledged: Acknowledged[] = [];
  const unsure = new Map<string, number>();
  const refused: Array<{ status: number; body: string }> = [];
  const poisoned = new Set<string>();
  return {
    sent: () => sent,
    acknowledged,
    unsure,
    refused,
    poisoned,
    sending: (events) => {
      sent += events.length;
    },
    accept: (events, receipts, times) => {
      for (const [index, event] of events.entries()) {
        const receipt = receipts[index];
        if (receipt === undefined) throw new Error("an answer with fewer receipts than events");
        acknowledged.push({ receipt, event, ...times });
        lines.write(`${JSON.stringify({ receipt, event })}\n`);
      }
    },
    leaveUnsure: (events) => {
      for (const key of events.map(contentKey)) unsure.set(key, (unsure.get(key) ?? 0) + 1);
    },
    refuse: (status, body) => {
      refused.push({ status, body });
    },
    poison: (event) => {
      poisoned.add(contentKey(event));
    },
    close: () => new Promise((resolve) => lines.end(resolve)),
  };
}

/** The same for two normalised events exactly when type and all fields are, of a creation's contact channel and id alone. */
export function contentKey({ type, timestamp, data }: SentEvent): string {
  const told =
    "contact" in data && data.contact !== undefined
      ? { ...data, contact: [data.contact.channel, data.contact.id] }
      : data;
  return JSON.stringify([type, timestamp, Object.entries(told).toSorted()]);
}
