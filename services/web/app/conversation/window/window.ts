import { placeOf } from "@fio/contracts/place";
import { receiptMilliseconds } from "@fio/contracts/receipts";
import type { ConversationRow } from "@fio/contracts";
import type { Thread } from "../../store/thread.ts";
import { instantOf } from "../../time/times.ts";

const HOUR_MS = 3_600_000;
/** How long after a customer's message WhatsApp delivers what is written freely. */
export const WINDOW_MS = 24 * HOUR_MS;
/** From here on it is said clearly. */
const SOON_MS = 3 * HOUR_MS;

/** All in milliseconds; `never`: the customer has not written at all. */
export type Window =
  { kind: "open" | "soon"; leftMs: number; until: number } | { kind: "closed" } | { kind: "never" };

/** `heard`: when the customer last wrote, `null` if never; `now` by the server's clock. */
export function windowAt(heard: number | null, now: number): Window {
  if (heard === null) return { kind: "never" };
  const until = heard + WINDOW_MS;
  const leftMs = until - now;
  if (leftMs <= 0) return { kind: "closed" };
  return { kind: leftMs <= SOON_MS ? "soon" : "open", leftMs, until };
}

/** When the customer last wrote in this conversation: by the newest of their messages, or by its row. */
export function heardIn({ messages, newer, row }: Pick<Thread, "messages" | "newer" | "row">): number | null {
  const newest = newer === null ? messages.findLast(({ direction }) => direction === "RECEIVED") : undefined;
  if (newest !== undefined) return instantOf(placeOf(newest));
  return heardBy(row);
}

/**
 * By a row alone: when the last message of the customer's was received, but not after the newest message of all. What a
 * phone sends of long ago, such as a history, is received now.
 */
export function heardBy({
  last_received_receipt: receipt,
  last_message_at: newest,
}: Pick<ConversationRow, "last_received_receipt" | "last_message_at">): number | null {
  if (receipt === null) return null;
  const received = receiptMilliseconds(receipt);
  return newest === null ? received : Math.min(received, instantOf(newest));
}

/** Whole hours or minutes that are surely left. */
export function leftOf(leftMs: number): { hours: number; minutes: number } {
  return { hours: Math.floor(leftMs / HOUR_MS), minutes: Math.floor((leftMs % HOUR_MS) / 60_000) };
}
