import { expect, test } from "vitest";
import type { Conversation, Message, Receipt, Timestamp } from "@fio/contracts";
import { threadBegun, threadOf } from "../store/thread.ts";
import type { Entry } from "../outbox/entry.ts";
import { blocksOf, firstDrawn, shownMessages, threadItems, type Block } from "./thread-items.ts";

const base = Date.parse("2026-05-14T12:00:00Z");
const stamp = (minutes: number) =>
  `${new Date(base + minutes * 60_000).toISOString().slice(0, 19)}.000000Z` as Timestamp;
const message = (id: string, minutes: number, direction: "SENT" | "RECEIVED" = "RECEIVED"): Message => ({
  id,
  direction,
  content: id,
  timestamp: stamp(minutes),
  receipt: String(1_778_760_000_500_000 + minutes * 60_000_000) as Receipt,
});
const conversation = (messages: Message[], closed: number | null = null): Conversation => ({
  id: "c",
  state: closed === null ? "OPEN" : "CLOSED",
  created_at: stamp(0),
  closed_at: closed === null ? null : stamp(closed),
  version: 5,
  message_count: messages.length,
  activity_at: stamp(0),
  last_message_at: null,
  last_message_preview: null,
  last_message_direction: null,
  waiting_since: null,
  last_received_receipt: null,
  messages,
});
const sending = (id: string, minutes: number): Entry => ({
  id,
  conversation: "c",
  event: {
    type: "NEW_MESSAGE",
    timestamp: stamp(minutes),
    data: { id, direction: "SENT", content: id, conversation_id: "c" },
  },
  state: "sending",
  receipt: null,
  code: null,
  tries: 0,
  nextTryAt: null,
  owner: "t",
  leaseUntil: 0,
});
const sameDay = (a: number, b: number) => new Date(a).getUTCDate() === new Date(b).getUTCDate();
const kinds = (messages: Message[], closed: number | null = null) => {
  const thread = threadOf(conversation(messages, closed), null);
  return threadItems({ thread, shown: shownMessages(thread, []), firstNew: null, newCount: 0, sameDay }).map(
    (item) => (item.kind === "message" ? `${item.message.id}${item.start ? "^" : ""}` : item.kind),
  );
};

test("one side within five minutes is one group, the other side or a pause begins another", () => {
  expect(
    kinds([message("a", 1), message("b", 3), message("c", 4, "SENT"), message("d", 20, "SENT")]),
  ).toEqual(["origin", "day", "a^", "b", "c^", "d^"]);
});

test("a day begins with its name", () => {
  expect(kinds([message("a", 0), message("b", 60 * 13)])).toEqual(["origin", "day", "a^", "day", "b^"]);
});

test("a message from a clock a day ahead stands on the day on which it was received", () => {
  const ahead: Message = { ...message("b", 2), timestamp: stamp(60 * 23) };
  expect(kinds([message("a", 1), ahead, message("c", 3)])).toEqual(["origin", "day", "a^", "b", "c"]);
});

test("the close stands at its time, and what was written later but accepted before stands below it", () => {
  expect(kinds([message("a", 1), message("b", 9)], 5)).toEqual(["origin", "day", "a^", "end", "day", "b^"]);
  expect(kinds([message("a", 1)], 5)).toEqual(["origin", "day", "a^", "end"]);
});

test("a message on its way and its echo are one", () => {
  const thread = threadOf(conversation([message("a", 1), message("mine", 2, "SENT")]), null);
  const shown = shownMessages(thread, [sending("mine", 2), sending("next", 3)]);
  expect(shown.map(({ id, entry }) => [id, entry !== null])).toEqual([
    ["a", false],
    ["mine", false],
    ["next", true],
  ]);
});

test("a customer who wrote after it stands below a message on its way", () => {
  const thread = threadOf(conversation([message("a", 1), message("later", 5)]), null);
  expect(shownMessages(thread, [sending("mine", 2)]).map(({ id }) => id)).toEqual(["a", "mine", "later"]);
});

test("blocks stay as they are when a page is put above and messages come below", () => {
  const starts = new Set<string>();
  const items = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      kind: "message" as const,
      key: `m${from + index}`,
      message: null as never,
      start: true,
    }));
  const first = blocksOf(items(100, 190), starts, 40).map(({ key, items: { length } }) => [key, length]);
  expect(first).toEqual([
    ["m100", 40],
    ["m140", 40],
    ["m180", 10],
  ]);
  const later = blocksOf(items(30, 195), starts, 40).map(({ key, items: { length } }) => [key, length]);
  expect(later).toEqual([
    ["m30", 40],
    ["m70", 30],
    ["m100", 40],
    ["m140", 40],
    ["m180", 15],
  ]);
});

const block = (key: string, messages: number): Block => ({
  key,
  items: Array.from({ length: messages }, (_, index) => ({
    kind: "message" as const,
    key: index === 0 ? key : `${key}.${index}`,
    message: null as never,
    start: true,
  })),
});

test("a block goes by its first message, whatever stands above it", () => {
  const day = { kind: "day" as const, key: "day m1", instant: 0 };
  const blocks = blocksOf([day, ...block("m1", 3).items], new Set());
  expect(blocks.map(({ key, items: { length } }) => [key, length])).toEqual([["m1", 4]]);
});

test("a thread that opens at its end draws as many messages as fill the view", () => {
  const blocks = [block("a", 20), block("b", 20), block("c", 3)];
  expect([...firstDrawn(blocks, { message: null, messages: 20 })]).toEqual(["c", "b"]);
  expect([...firstDrawn(blocks, { message: null, messages: 3 })]).toEqual(["c"]);
});

test("a thread that opens at a message draws it with what is around it", () => {
  const blocks = [block("a", 20), block("b", 20), block("c", 20), block("d", 20), block("e", 20)];
  const drawn = firstDrawn(blocks, { message: "c.4", messages: 30 });
  expect([...drawn].sort()).toEqual(["b", "c", "d"]);
});

test("a thread that does not hold the message at which it is to open draws its end", () => {
  expect([...firstDrawn([block("a", 20), block("b", 20)], { message: "x", messages: 10 })]).toEqual(["b"]);
});

test("a conversation that has not reached the server is not said to have started", () => {
  const thread = threadBegun("c", stamp(0));
  const items = threadItems({
    thread,
    shown: shownMessages(thread, [sending("a", 0)]),
    firstNew: null,
    newCount: 0,
    sameDay,
  });
  expect(items.map(({ kind }) => kind)).toEqual(["day", "message"]);
});

test("what the business wrote in its phone's own app is shown as such, where agents are named and it is on WhatsApp", () => {
  const contact = { channel: "whatsapp:5511", id: "1", name: null, phone: null, version: 1 };
  const own = { ...message("own", 2, "SENT"), author: { id: "ana", name: "Ana" } };
  const echo = message("echo", 3, "SENT");
  const before = threadOf(conversation([message("asked", 1), own, echo], null), null);
  const on = (channel: string): typeof before => ({
    ...before,
    row: { ...before.row, contact: { ...contact, channel } },
  });
  const byPhone = (thread: typeof before, signsIn?: boolean): string[] =>
    shownMessages(thread, [], signsIn)
      .filter((one) => one.byPhone)
      .map(({ id }) => id);
  expect(byPhone(on("whatsapp:5511"), true)).toEqual(["echo"]);
  expect(byPhone(on("whatsapp:5511"), false)).toEqual([]);
  expect(byPhone(on("instagram:1"), true)).toEqual([]);
  expect(byPhone(before, true)).toEqual([]);
});
