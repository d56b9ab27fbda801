import { expect, test } from "vitest";
import type { Message, Receipt } from "@fio/contracts";
import { answeredSince, newestReceipt } from "./answered-since.ts";

const message = (receipt: string, fields: Partial<Message> = {}): Message => ({
  id: receipt,
  direction: "SENT",
  content: "Oi",
  timestamp: "2026-11-29T10:00:00.000000Z" as Message["timestamp"],
  receipt: receipt as Receipt,
  ...fields,
});
const ana = { id: "ana", name: "Ana" };
const bia = { id: "bia", name: "Bia" };
const thread = (messages: Message[], outside: Message[] = []) => ({
  messages,
  outside: new Map(outside.map((one) => [one.id, { message: one, version: 1 }])),
});
const foundIn = (messages: Message[], outside: Message[] = []): string | undefined =>
  answeredSince(thread(messages, outside), { since: "3", own: "ana" })?.receipt;

test("an answer counts that somebody else wrote after the draft was begun", () => {
  expect(foundIn([message("2", { author: bia }), message("4", { author: bia })])).toBe("4");
  expect(foundIn([message("2", { author: bia }), message("3", { author: bia })])).toBeUndefined();
});

test("one's own answers and the customer's messages do not", () => {
  expect(foundIn([message("4", { author: ana }), message("5", { direction: "RECEIVED" })])).toBeUndefined();
});

test("what the business sent otherwise, as from its phone, has no author and counts", () => {
  expect(foundIn([message("4")])).toBe("4");
});

test("the latest is told, wherever it stands, and though it is not on the page", () => {
  expect(foundIn([message("6", { author: bia }), message("5")])).toBe("6");
  expect(foundIn([message("4", { author: bia })], [message("7", { author: bia })])).toBe("7");
});

test("a draft begins at the highest receipt that is known", () => {
  expect(newestReceipt(thread([message("6"), message("5")], [message("7")]))).toBe("7");
  expect(newestReceipt(thread([]))).toBe("0");
});
