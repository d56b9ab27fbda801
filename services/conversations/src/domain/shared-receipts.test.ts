import fc from "fast-check";
import { expect, test } from "vitest";
import { receiptOf, type AcceptedEvent, type Timestamp, type WebhookEvent } from "@fio/contracts";
import { contentOf } from "./settle.ts";
import { separateShared } from "./shared-receipts.ts";

const timestamp = "2025-02-21T10:20:41.349308Z" as Timestamp;
const events: WebhookEvent[] = ["a", "b"].flatMap((id): WebhookEvent[] => [
  { type: "NEW_CONVERSATION", timestamp, data: { id } },
  { type: "CLOSE_CONVERSATION", timestamp, data: { id } },
  {
    type: "NEW_MESSAGE",
    timestamp,
    data: { id: `message of ${id}`, conversation_id: id, direction: "SENT", content: "x" },
  },
]);
// Few receipts for many events: most are shared.
const accepted: fc.Arbitrary<AcceptedEvent> = fc.record({
  receipt: fc.integer({ min: 1, max: 4 }).map(receiptOf),
  event: fc.constantFrom(...events),
});
const contents = (all: readonly AcceptedEvent[]) => new Set(all.map(({ event }) => contentOf(event)));
const under = (all: readonly AcceptedEvent[], receipt: string) =>
  all.filter((one) => one.receipt === receipt);

test("no receipt is left to two events, none is lost, and only a receipt of another displaces one", () => {
  fc.assert(
    fc.property(
      fc.array(accepted),
      fc.uniqueArray(accepted, { selector: ({ receipt }) => receipt }),
      (incoming, held) => {
        const { own, displaced } = separateShared(incoming, held);
        expect(new Set([...own, ...displaced])).toEqual(new Set(incoming));
        expect(own.length + displaced.length).toBe(incoming.length);
        for (const { receipt, event } of incoming) {
          const having = contents([...under(own, receipt), ...under(held, receipt)]);
          expect(having.size).toBe(1);
          const isDisplaced = under(displaced, receipt).some(
            (one) => contentOf(one.event) === contentOf(event),
          );
          expect(isDisplaced).toBe(!having.has(contentOf(event)));
        }
      },
    ),
  );
});

test("what is done again, once the store holds it, ends the same way", () => {
  fc.assert(
    fc.property(fc.array(accepted), (incoming) => {
      const first = separateShared(incoming, []);
      expect(separateShared(incoming, first.own)).toEqual(first);
    }),
  );
});

test("an event that failed by our own fault is the same when it is read otherwise than then", () => {
  const [creation, , message] = events;
  const held = { receipt: receiptOf(1), event: message!, reason: "INTERNAL_ERROR" } as const;
  const again = { ...message!, timestamp: "2025-02-21T10:20:41.000000Z" } as WebhookEvent;
  expect(separateShared([{ receipt: receiptOf(1), event: again }], [held]).displaced).toEqual([]);
  expect(separateShared([{ receipt: receiptOf(1), event: creation! }], [held]).own).toEqual([]);
});
