import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { deliveries } from "../domain/testing/histories.ts";
import { oneByOne } from "../domain/testing/reference.ts";
import { openStore, type Store } from "./connect.ts";
import { untilDone } from "./retry.ts";
import { applyBatch, settleStep } from "./apply.ts";
import {
  SIDE_WRITES,
  apply,
  differences,
  holdingsOf,
  migratedStore,
  settleAll,
  word,
} from "./testing/fixture.ts";
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
    `whatever comes between two steps, and wherever a worker ends, the store ends as one by one, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const steps = fc.array(fc.nat({ max: 2 }), { minLength: 12, maxLength: 12 });
      const property = fc.asyncProperty(
        deliveries(1),
        fc.integer({ min: 1, max: 3 }),
        steps,
        async (given, events, taken) => {
          const { conversations, batches } = placed(given);
          const limit = { events, units: 1_000_000 };
          const soFar = new Map<Receipt, AcceptedEvent>();
          for (const [index, batch] of batches.entries()) {
            const applied = await applyBatch(store, { ...SIDE_WRITES, events: batch, limit });
            for (const accepted of batch) soFar.set(accepted.receipt, accepted);
            const expected = oneByOne([...soFar.values()]);
            for (const { receipt } of batch) {
              expect(word(applied.outcomes.get(receipt))).toBe(word(expected.get(receipt)));
            }
            for (let step = 0; step < (taken[index] ?? 0); step += 1) {
              for (const conversation of applied.unsettled)
                await settleStep(store, { ...SIDE_WRITES, conversation, limit });
            }
          }
          await settleAll(store, conversations, limit);
          const holdings = await holdingsOf(store, conversations);
          expect(differences(holdings, [...soFar.values()], oneByOne([...soFar.values()]))).toEqual([]);
        },
      );
      await fc.assert(property, { numRuns: RUNS });
    },
  );

  test(
    `two appliers that race, with message ids that two conversations share, end as one by one, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(deliveries(2), fc.constantFrom(1, 3, 250), async (given, events) => {
        const limit = { events, units: 1_000_000 };
        const history = placed(given);
        const queue = [...history.batches];
        const work = async (on: Store): Promise<void> => {
          for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
            const events = batch;
            // On SQLite they meet at the one writer's place; on Postgres nothing may fail, a deadlock least of all.
            const patiently = <Value>(work: () => Promise<Value>): Promise<Value> =>
              kind === "sqlite" ? untilDone(work) : work();
            const { unsettled } = await patiently(() => applyBatch(on, { ...SIDE_WRITES, events, limit }));
            for (const conversation of unsettled) {
              await patiently(() => settleStep(on, { ...SIDE_WRITES, conversation, limit }));
            }
          }
        };
        await Promise.all([work(store), work(other)]);
        await settleAll(store, history.conversations, limit);
        expect(await faultsAfter(store, history)).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  );
});
