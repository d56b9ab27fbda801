import type {
  Author,
  Direction,
  Media,
  MessageDelivery,
  MessageState,
  Receipt,
  Rejection,
} from "@fio/contracts";
import type { Entry } from "../outbox/entry.ts";
import { receiptMilliseconds } from "@fio/contracts/receipts";
import { comparePlaces, placeOf } from "@fio/contracts/place";
import { isOnWhatsApp } from "../names/customer.ts";
import { deliveryOf, isBegun, stateOf, type Arrival, type Thread } from "../store/thread.ts";
import { instantOf } from "../time/times.ts";

/** A message as it is shown: one that is stored, or one that this browser is still sending. */
export type Shown = {
  id: string;
  direction: Direction;
  content: string;
  /** As it was sent. */
  timestamp: string;
  /** Where it stands, and the time that is shown. */
  place: string;
  receipt: Receipt | null;
  entry: Entry | null;
  arrival: Arrival | null;
  /** The agent who wrote it; absent where nobody told, and until it is stored. */
  author?: Author | undefined;
  media?: Media | undefined;
  /** What the phone told of it; absent until it does. */
  state?: MessageState | undefined;
  /** How it stands with the receiver; absent where it is none that leaves. */
  delivery?: MessageDelivery | undefined;
  /** The business wrote it elsewhere, in its phone's own app. */
  byPhone?: boolean;
};

export type Item =
  | { kind: "origin"; key: string }
  | { kind: "day"; key: string; instant: number }
  | { kind: "news"; key: string; count: number }
  | { kind: "message"; key: string; message: Shown; start: boolean }
  | { kind: "end"; key: string; at: string }
  | { kind: "refused"; key: string; rejection: Rejection }
  | { kind: "removed"; key: string; count: number };

/** Consecutive messages of one side within this time stand close together. */
const GROUP_MS = 5 * 60_000;

/** Stored messages and those on their way as one list in order; an entry whose message is stored is not shown twice. */
export function shownMessages(thread: Thread, entries: readonly Entry[], signsIn = false): Shown[] {
  // Whoever answers here is named, where agents sign in.
  const named = signsIn && isOnWhatsApp(thread.row.contact);
  const stored = storedIds(thread);
  const shown: Shown[] = thread.messages.map((message) => ({
    ...message,
    state: stateOf(thread, message),
    delivery: deliveryOf(thread, message),
    byPhone: named && message.direction === "SENT" && message.author === undefined,
    place: placeOf(message),
    entry: null,
    arrival: thread.arrived.get(message.id) ?? null,
  }));
  const pending = entries.filter(({ id }) => !stored.has(id)).map(shownOnItsWay);
  if (pending.length === 0) return shown;
  const last = "9".repeat(16) as Receipt;
  const placed = (message: Shown) => ({
    timestamp: message.timestamp as Thread["messages"][number]["timestamp"],
    receipt: message.receipt ?? last,
  });
  return [...shown, ...pending].sort((a, b) => comparePlaces(placed(a), placed(b)));
}

/** A message that this browser is still sending. */
export function shownOnItsWay(entry: Entry): Shown {
  const { id, direction, content } = entry.event.data;
  return {
    id,
    direction,
    content,
    timestamp: entry.event.timestamp,
    place: entry.event.timestamp,
    receipt: entry.receipt,
    entry,
    arrival: null,
  };
}

/** Messages that are known to be stored, whether they are shown or stand beyond an open end. */
export const storedIds = (thread: Thread): Set<string> =>
  new Set([...thread.messages.map(({ id }) => id), ...thread.outside.keys()]);

/** What of the refused was written after the close: it stands below it, in the order in which it came. */
export const writtenAfterClose = (refused: readonly Rejection[]): Rejection[] =>
  refused.filter(({ reason, event }) => reason === "CONVERSATION_CLOSED" && event.type === "NEW_MESSAGE");

/** All that stands in a thread, from its beginning if that is loaded. `firstNew`: above it stands how many are new. */
export function threadItems({
  thread,
  shown,
  refused = [],
  firstNew,
  newCount,
  sameDay,
}: {
  thread: Thread;
  shown: readonly Shown[];
  /** Written after the close, by receipt. */
  refused?: readonly Rejection[];
  firstNew: string | null;
  newCount: number;
  sameDay: (a: number, b: number) => boolean;
}): Item[] {
  const items: Item[] = [];
  // What has not reached the server has not started for anyone else.
  if (thread.older === null && !isBegun(thread)) items.push({ kind: "origin", key: "origin" });
  const closedAt = thread.row.closed_at;
  let before: { message: Shown; instant: number } | null = null;
  // The close stands above what is loaded.
  const [first] = thread.messages;
  const endedBefore =
    closedAt !== null && thread.older !== null && first !== undefined && placeOf(first) > closedAt;
  let ended = closedAt === null || endedBefore;
  for (const message of shown) {
    if (!ended && closedAt !== null && message.place > closedAt) {
      items.push({ kind: "end", key: "end", at: closedAt });
      ended = true;
      before = null;
    }
    const instant = instantOf(message.place);
    if (before === null || !sameDay(before.instant, instant)) {
      items.push({ kind: "day", key: `day ${message.id}`, instant });
      before = null;
    }
    if (message.id === firstNew) items.push({ kind: "news", key: "news", count: newCount });
    const start =
      before === null ||
      message.id === firstNew ||
      before.message.direction !== message.direction ||
      instant - before.instant > GROUP_MS;
    items.push({ kind: "message", key: message.id, message, start });
    before = { message, instant };
  }
  if (thread.newer !== null) return items;
  if (!ended && closedAt !== null) items.push({ kind: "end", key: "end", at: closedAt });
  let day = before?.instant ?? (closedAt === null ? null : instantOf(closedAt));
  for (const rejection of refused) {
    const instant = receiptMilliseconds(rejection.receipt);
    if (day === null || !sameDay(day, instant))
      items.push({ kind: "day", key: `day ${rejection.receipt}`, instant });
    day = instant;
    if (rejection.receipt === firstNew) items.push({ kind: "news", key: "news", count: newCount });
    items.push({ kind: "refused", key: rejection.receipt, rejection });
  }
  const told = new Set(refused.map(({ receipt }) => receipt));
  const count = thread.removed.filter(({ receipt }) => !told.has(receipt)).length;
  if (count > 0) items.push({ kind: "removed", key: "removed", count });
  return items;
}

export type Block = { key: string; items: Item[] };

/**
 * Cuts the items into blocks of which only those near the view are drawn. Each goes by its first message, and `starts`
 * remembers those, so that pages added above or messages in between leave all other blocks as they are.
 */
export function blocksOf(items: readonly Item[], starts: Set<string>, size = 20): Block[] {
  const blocks: Block[] = [];
  let current: Block | null = null;
  let messages = 0;
  for (const item of items) {
    const isMessage = item.kind === "message";
    if (current === null || (messages > 0 && (starts.has(item.key) || (messages >= size && isMessage)))) {
      current = { key: item.key, items: [] };
      blocks.push(current);
      messages = 0;
    }
    if (isMessage && messages === 0) {
      starts.add(item.key);
      current.key = item.key;
    }
    current.items.push(item);
    if (isMessage) messages += 1;
  }
  return blocks;
}

/** Of a block that was never drawn, in pixels. */
export const guessedHeight = ({ items }: Block): number =>
  items.reduce(
    (sum, item) =>
      sum +
      (item.kind === "message"
        ? 40 + 20 * Math.floor(item.message.content.length / 70) + (item.message.media ? 240 : 0)
        : 48),
    0,
  );

/**
 * The keys of the blocks that are in view when a thread opens at `message`, or at its end where that is not in it; so many
 * `messages` fill the view.
 */
export function firstDrawn(
  blocks: readonly Block[],
  { message, messages }: { message: string | null; messages: number },
): Set<string> {
  const at = blocks.findIndex(({ items }) => items.some(({ key }) => key === message));
  const drawn = new Set<string>();
  const draw = (run: readonly Block[]): void => {
    let left = messages;
    for (const { key, items } of run) {
      if (left <= 0) break;
      drawn.add(key);
      left -= items.filter(({ kind }) => kind === "message").length;
    }
  };
  if (at < 0) draw([...blocks].reverse());
  else {
    draw(blocks.slice(at));
    draw(blocks.slice(0, at + 1).reverse());
  }
  return drawn;
}
