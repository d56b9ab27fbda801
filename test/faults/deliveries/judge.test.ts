import { expect, test } from "vitest";
import type { Received } from "../../support/receiver.ts";
import { isSound, judge, type Expected } from "./judge.ts";

const one = (id: string, receipt: number, conversation = "c"): Expected => ({
  ...{ id, conversation, content: `content of ${id}`, receipt: String(receipt), refused: false },
});
const got = ({ content }: Expected, id: string): Received =>
  ({ id, copies: 1, body: { data: { message: { content } } } }) as Received;
const [a, b, other] = [one("a", 1), one("b", 2), one("x", 1, "d")];
const judged = (...received: Received[]) => judge([a, b, other], received);

test("all of them, in the order of each conversation, is sound", () => {
  const verdict = judged(got(a, "a"), got(other, "x"), got(b, "b"));
  expect([verdict, isSound(verdict)]).toEqual([{ lost: [], doubled: [], outOfOrder: [] }, true]);
});

test("one that is missing is lost, unless the receiver refuses it", () => {
  expect(judged(got(a, "a"), got(other, "x")).lost).toEqual(["b"]);
  expect(judge([{ ...a, refused: true }], [])).toEqual({ lost: [], doubled: [], outOfOrder: [] });
});

test("one that comes under a second id is doubled", () => {
  expect(judged(got(a, "a"), got(a, "z"), got(b, "b"), got(other, "x")).doubled).toEqual(["z"]);
});

test("one that overtakes another of its conversation is out of order", () => {
  expect(judged(got(b, "b"), got(a, "a"), got(other, "x")).outOfOrder).toEqual(["a"]);
});
