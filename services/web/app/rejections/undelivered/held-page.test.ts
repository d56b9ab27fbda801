import { expect, test } from "vitest";
import { heldAfter, heldAtFirst, newsIn, type HeldPage } from "./held-page.ts";
import type { FailedPage } from "./act-on-failed.ts";

const page = (...rows: Array<[id: string, version: number]>): FailedPage => ({
  deliveries: rows.map(([id, version]) => ({
    message_id: id,
    conversation_id: "c",
    content: "Olá",
    attempts: 1,
    failed_at: "2026-05-14T10:00:00.000Z",
    delivery: { state: "failed", version },
  })),
  next: null,
});
const idsOf = ({ shown }: HeldPage): string[] => shown.deliveries.map(({ message_id }) => message_id);

test("rows in use stay as they are; what came meanwhile is told, and shown when asked for or when they are left", () => {
  let state = heldAfter(heldAtFirst(page(["a", 2], ["b", 2])), { kind: "held", on: true });
  state = heldAfter(state, { kind: "read", page: page(["c", 2], ["b", 2]) });
  expect([idsOf(state), newsIn(state)]).toEqual([["a", "b"], 1]);
  const asked = heldAfter(state, { kind: "show" });
  expect([idsOf(asked), newsIn(asked), asked.held]).toEqual([["c", "b"], 0, true]);
  expect(idsOf(heldAfter(state, { kind: "held", on: false }))).toEqual(["c", "b"]);
});

test("one that was given up once more is a new one", () => {
  let state = heldAfter(heldAtFirst(page(["a", 2])), { kind: "held", on: true });
  state = heldAfter(state, { kind: "read", page: page(["a", 4]) });
  expect(newsIn(state)).toBe(1);
});

test("rows that nobody uses follow at once", () => {
  expect(idsOf(heldAfter(heldAtFirst(page(["a", 2])), { kind: "read", page: page() }))).toEqual([]);
});
