import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { deliveries } from "../domain/testing/histories.ts";
import { oneByOne } from "../domain/testing/reference.ts";
import { openStore, type Store } from "./connect.ts";
import { untilDone } from "./retry.ts";
import { apply, differences, holdingsOf, migratedStore, word } from "./testing/fixture.ts";
import { faultsAfter, placed } from "./testing/histories.ts";

const RUNS = 200;

forEachDatabase(({ kind, create }) => {
  let store: Store;
  let other: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const migrated = await migratedStore(create);
    store = migrated.store;
    other = openStore(migrated.url);
    remove = async () => {
      await other.close();
      await migrated.remove();
    };
  });
  afterAll(() => remove());

  test(
    `after every batch the store is as if applied one by one, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(deliveries(1), async (given) => {
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
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  );

  test(
    `two appliers that race, with message ids that two conversations share, end as one by one, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(deliveries(2), async (given) => {
        const history = placed(given);
        const queue = [...history.batches];
        const work = async (on: Store): Promise<void> => {
          for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
            const events = batch;
            // On SQLite they meet at the one writer's place; on Postgres nothing may fail, a deadlock least of all.
            await (kind === "sqlite" ? untilDone(() => apply(on, ...events)) : apply(on, ...events));
          }
        };
        await Promise.all([work(store), work(other)]);
        expect(await faultsAfter(store, history)).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  );
});
