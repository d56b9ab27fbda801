import { expect, test } from "vitest";
import type { Receipt, Rejection, Timestamp } from "@fio/contracts";
import {
  shownAfter,
  shownAtFirst,
  waitingCount,
  type RejectionsAction,
  type ShownRejections,
} from "./shown-rejections.ts";

const rejection = (receipt: string): Rejection => ({
  receipt: receipt as Receipt,
  conversation_id: "c",
  event: {
    type: "NEW_MESSAGE",
    timestamp: "2026-05-14T12:00:00.000000Z" as Timestamp,
    data: { id: receipt },
  },
  reason: "CONVERSATION_NOT_FOUND",
  resolution: null,
});
const page = (receipts: string, next: string | null = null) => ({
  rejections: Array.from(receipts, rejection),
  next,
});
const after = (state: ShownRejections, ...actions: RejectionsAction[]): ShownRejections =>
  actions.reduce(shownAfter, state);
/** Newest first; `-` after what left. */
const shown = ({ rows }: ShownRejections): string =>
  rows.map(({ rejection: { receipt }, left }) => receipt + (left ? "-" : "")).join("");
const hold = { kind: "held", on: true } as const;
const release = { kind: "held", on: false } as const;
const read = (receipts: string, next: string | null = null): RejectionsAction => ({
  kind: "read",
  page: page(receipts, next),
});

test("what was refused comes, and what got in leaves", () => {
  const state = after(shownAtFirst(page("531")), read("7541"));
  expect(shown(state)).toBe("7541");
  expect(waitingCount(state)).toBe(0);
});

test("while somebody has the rows in hand nothing moves: what left stays, what came waits", () => {
  const state = after(shownAtFirst(page("531")), hold, read("7541"));
  expect(shown(state)).toBe("53-1");
  expect(waitingCount(state)).toBe(2);
  expect(shown(after(state, release))).toBe("7541");
});

test("what comes below the last moves nothing", () => {
  expect(shown(after(shownAtFirst(page("53", "next")), hold, read("521")))).toBe("53-21");
});

test("what waits is let in when it is asked for, and the rows are held on", () => {
  const state = after(shownAtFirst(page("53")), hold, read("753"), { kind: "show" });
  expect(shown(state)).toBe("753");
  expect(shown(after(state, read("9753")))).toBe("753");
});

test("what is expanded stays until it is folded", () => {
  const state = after(shownAtFirst(page("531")), { kind: "toggle", receipt: "3" }, read("51"));
  expect(shown(state)).toBe("53-1");
  expect(state.open.has("3")).toBe(true);
  expect(shown(after(state, { kind: "toggle", receipt: "3" }))).toBe("51");
});

test("what newer ones pushed to the next page has not left", () => {
  const state = after(
    shownAtFirst(page("531", "next")),
    { kind: "toggle", receipt: "1" },
    read("753", "next"),
  );
  expect(shown(state)).toBe("7531");
});

test("one that is refused for another reason by now says so in its place", () => {
  const changed = { ...rejection("5"), reason: "CONVERSATION_CLOSED" as const };
  const state = after(shownAtFirst(page("53")), hold, {
    kind: "read",
    page: { rejections: [changed, rejection("3")], next: null },
  });
  expect(state.rows[0]).toEqual({ rejection: changed, left: false });
});
