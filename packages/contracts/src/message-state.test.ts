import fc from "fast-check";
import { expect, test } from "vitest";
import type { Timestamp } from "./instants.ts";
import { higherState, type MessageState } from "./message-state.ts";

const STATUSES = ["SENT", "FAILED", "DELIVERED", "READ"] as const;
const at = (second: number): Timestamp => `2025-02-21T10:20:4${second}.349308Z` as Timestamp;
const told = (status: MessageState["status"], second: number): MessageState => ({
  status,
  timestamp: at(second),
});
const stateAfter = (...all: MessageState[]): MessageState["status"] | undefined =>
  all.reduce<MessageState | undefined>(higherState, undefined)?.status;

/** The rule as it is written, one status after the other in the order of their timestamps. */
function oneByOne(all: readonly MessageState[]): MessageState["status"] | undefined {
  let state: MessageState | undefined;
  const level = ({ status }: MessageState): number => STATUSES.indexOf(status);
  const inTime = all.toSorted((a, b) =>
    a.timestamp === b.timestamp ? level(a) - level(b) : a.timestamp < b.timestamp ? -1 : 1,
  );
  for (const next of inTime) {
    const isHigher = state === undefined || level(next) >= level(state);
    const isAnotherTry =
      next.status === "SENT" && state?.status === "FAILED" && next.timestamp > state.timestamp;
    if (isHigher || isAnotherTry) state = next;
  }
  return state?.status;
}

test("a message that was read stays so, whatever comes late", () => {
  expect(stateAfter(told("READ", 3), told("DELIVERED", 4), told("FAILED", 5), told("SENT", 6))).toBe("READ");
});

test("read without delivered is read", () => {
  expect(stateAfter(told("SENT", 1), told("READ", 2))).toBe("READ");
});

test("one that failed is on its way again only by a later attempt", () => {
  expect(stateAfter(told("FAILED", 3), told("SENT", 3), told("SENT", 2))).toBe("FAILED");
  expect(stateAfter(told("SENT", 4), told("FAILED", 3))).toBe("SENT");
});

test("the state is what it is one by one, in whatever order and however often statuses come", () => {
  const statuses = fc
    .array(fc.tuple(fc.constantFrom(...STATUSES), fc.nat({ max: 2 })), { minLength: 1, maxLength: 7 })
    .map((all) => all.map(([status, second]) => told(status, second)));
  const shuffled = statuses.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length, maxLength: 2 * all.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, order]) => {
      expect(stateAfter(...order)).toBe(oneByOne(all));
    }),
    { numRuns: 5_000 },
  );
});
