import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { deliveries } from "../domain/testing/histories.ts";
import { oneByOne } from "../domain/testing/reference.ts";
import type { Store } from "./connect.ts";
import { apply, differences, holdingsOf, migratedStore, word } from "./testing/fixture.ts";
import { renaming } from "./testing/histories.ts";

const RUNS = 250;

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let nextReceipt = 0;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  /** The receipts of a store are distinct over all histories that go through it. */
  const placed = (batches: AcceptedEvent[][]): { conversations: string[]; batches: AcceptedEvent[][] } => {
    const { conversations, rename } = renaming();
    const offset = BigInt(nextReceipt);
    nextReceipt += 100;
    const moved = (accepted: AcceptedEvent): AcceptedEvent => ({
      ...rename(accepted),
      receipt: String(BigInt(accepted.receipt) + offset) as Receipt,
    });
    return { conversations, batches: batches.map((batch) => batch.map(moved)) };
  };

  test(
    `after every batch the store is as if applied one by one, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(deliveries(1), async (given) => {
          const { conversations, batches } = placed(given);
          const soFar = new Map<Receipt, AcceptedEvent>();
          for (const batch of batches) {
            const applied = await apply(store, ...batch);
            for (const accepted of batch) soFar.set(accepted.receipt, accepted);
            const expected = oneByOne([...soFar.values()]);
            for (const { receipt } of batch) {
              expect(word(applied.outcomes.get(receipt))).toBe(word(expected.get(receipt)));
            }
            const holdings = await holdingsOf(store, conversations);
            expect(differences(holdings, [...soFar.values()], expected)).toEqual([]);
          }
        }),
        { numRuns: RUNS },
      );
    },
  );
});
