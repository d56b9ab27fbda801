import fc from "fast-check";
import { expect, test } from "vitest";
import type { Conversation, Message, Receipt, Timestamp } from "@fio/contracts";
import { comparePlaces } from "@fio/contracts/place";
import {
  deliveryOf,
  stateOf,
  threadOf,
  withDelivery,
  withMessage,
  withStatus,
  withoutMessage,
} from "./thread.ts";
import { withSnapshot } from "./thread-pages.ts";

const message = (n: number, receipt = n): Message => ({
  id: `m${n}`,
  direction: "RECEIVED",
  content: String(n),
  timestamp: `2026-05-14T12:00:${String(n).padStart(2, "0")}.000000Z` as Timestamp,
  receipt: String(1_778_760_060_000_000 + receipt) as Receipt,
});
const snapshot = (version: number, messages: Message[]): Conversation => ({
  id: "c",
  state: "OPEN",
  created_at: "2026-05-14T12:00:00.000000Z" as Timestamp,
  closed_at: null,
  version,
  message_count: messages.length,
  activity_at: "2026-05-14T12:00:00.000000Z" as Timestamp,
  last_message_at: null,
  last_message_preview: null,
  last_message_direction: null,
  waiting_since: null,
  last_received_receipt: null,
  messages,
});
const ids = ({ messages }: { messages: readonly Message[] }) => messages.map(({ id }) => id);

test("a late message takes its place by timestamp, and is known to be late", () => {
  const thread = withMessage(threadOf(snapshot(1, [message(1), message(5)]), null), message(3), 2);
  expect(ids(thread)).toEqual(["m1", "m3", "m5"]);
  expect(thread.arrived.get("m3")?.late).toBe(true);
  expect(withMessage(thread, message(6), 3).arrived.get("m6")?.late).toBe(false);
});

test("a message from a clock nine hours ahead stands where it was received, and makes none after it late", () => {
  const ahead: Message = { ...message(2), timestamp: "2026-05-14T21:00:00.000000Z" as Timestamp };
  const after: Message = {
    ...message(7, 1_000_000),
    timestamp: "2026-05-14T12:01:00.500000Z" as Timestamp,
  };
  let thread = withMessage(threadOf(snapshot(1, [message(1)]), null), ahead, 2);
  thread = withMessage(thread, after, 3);
  expect(ids(thread)).toEqual(["m1", "m2", "m7"]);
  expect(thread.arrived.get("m7")?.late).toBe(false);
});

test("a frame that a snapshot is newer than changes nothing", () => {
  const thread = threadOf(snapshot(5, [message(1)]), null);
  expect(withMessage(thread, message(2), 4)).toBe(thread);
  expect(withoutMessage(thread, "m1", 5)).toBe(thread);
});

test("a removal that comes before the message it removes wins by its version", () => {
  const removed = withoutMessage(threadOf(snapshot(1, []), null), "m2", 3);
  expect(ids(withMessage(removed, message(2), 2))).toEqual([]);
  expect(ids(withMessage(removed, message(2), 4))).toEqual(["m2"]);
});

test("a message that was on screen and is taken out is told of", () => {
  const thread = withoutMessage(threadOf(snapshot(1, [message(1)]), null), "m1", 2);
  expect(thread.removed.map(({ id }) => id)).toEqual(["m1"]);
});

/** A conversation's life: at each version one message comes or goes. */
const life = fc.array(fc.record({ n: fc.integer({ min: 1, max: 8 }), comes: fc.boolean() }), {
  maxLength: 14,
});

test("whatever the order and the repetitions in which frames and a snapshot come, the thread ends as the store", () => {
  fc.assert(
    fc.property(life, fc.nat(), fc.infiniteStream(fc.nat()), (changes, at, order) => {
      const held = new Map<string, Message>();
      const states: Message[][] = [[]];
      for (const { n, comes } of changes) {
        if (comes) held.set(`m${n}`, message(n));
        else held.delete(`m${n}`);
        states.push([...held.values()].sort(comparePlaces));
      }
      const frames = changes.map(({ n, comes }, index) => ({ n, comes, version: index + 1 }));
      const start = at % states.length;
      let thread = threadOf(snapshot(start, states[start] ?? []), null);
      const twice = [...frames, ...frames]
        .map((frame) => ({ frame, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key);
      for (const { frame } of twice) {
        thread = frame.comes
          ? withMessage(thread, message(frame.n), frame.version)
          : withoutMessage(thread, `m${frame.n}`, frame.version);
        if (frame.version % 5 === 0) {
          const version = (at + frame.version) % states.length;
          thread = withSnapshot(thread, snapshot(version, states[version] ?? []), null);
        }
      }
      expect(ids(thread)).toEqual((states.at(-1) ?? []).map(({ id }) => id));
    }),
    { numRuns: 500 },
  );
});

test("what the phone told comes in any order, before its message too, and never goes back", () => {
  const told = (status: "SENT" | "READ", second: number) => ({
    status,
    timestamp: `2026-05-14T12:00:${second}.000000Z` as Timestamp,
  });
  const page = { ...message(1), state: told("SENT", 20) };
  let thread = threadOf(snapshot(1, [page]), null);
  expect(stateOf(thread, thread.messages[0]!)?.status).toBe("SENT");
  thread = withStatus(thread, "m2", told("READ", 30));
  thread = withMessage(thread, message(2), 2);
  thread = withStatus(thread, "m2", told("SENT", 40));
  expect(thread.messages.map((one) => stateOf(thread, one)?.status)).toEqual(["SENT", "READ"]);
  // Another event took the row over: its frame tells no state.
  thread = withMessage(thread, { ...message(1), content: "outra" }, 3);
  expect(stateOf(thread, thread.messages[0]!)?.status).toBe("SENT");
});

test("how a message stands with the receiver is the latest that was read or heard, in whatever order", () => {
  const waiting = { state: "waiting", version: 1 } as const;
  const failed = { state: "failed", reason: "http_410", detail: "131047", version: 2 } as const;
  const page = { ...message(1), delivery: waiting };
  let thread = threadOf(snapshot(1, [page]), null);
  expect(deliveryOf(thread, page)).toEqual(waiting);
  thread = withDelivery(thread, "m1", failed);
  expect(deliveryOf(thread, page)).toEqual(failed);
  expect(withDelivery(thread, "m1", waiting)).toBe(thread);
  const again = { state: "waiting", by_hand: true, version: 3 } as const;
  expect(deliveryOf(thread, { ...page, delivery: again })).toEqual(again);
  // Another event took the row over: its frame tells of a beginning.
  const read = threadOf(snapshot(1, [{ ...page, delivery: failed }]), null);
  const taken = withMessage(read, { ...page, content: "outra" }, 3);
  expect(deliveryOf(taken, taken.messages[0]!)).toEqual(failed);
  expect(deliveryOf(thread, message(2))).toBeUndefined();
});
