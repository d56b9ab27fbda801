import fc from "fast-check";
import { expect, test } from "vitest";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis } from "../../../../test/support/redis-server.ts";
import { deliveries } from "../domain/testing/histories.ts";
import { openStore } from "../store/connect.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { faultsAfter, placed } from "../store/testing/histories.ts";
import { createRig } from "./testing/rig.ts";

const HISTORIES = 250;

forEachDatabase(({ create }) => {
  test(
    `two workers that race on one queue end as one by one, in ${HISTORIES} histories`,
    { timeout: 120_000 },
    async () => {
      const seed = Date.now();
      const histories = fc.sample(deliveries(2), { numRuns: HISTORIES, seed }).map(placed);
      const { store, url, remove } = await migratedStore(create);
      const other = openStore(url);
      const server = await startRedis();
      const rig = await createRig(server.url);
      try {
        rig.start({ store });
        rig.start({ store: other });
        // Each batch is a job; a few histories at a time, so that both workers have some of each in hand.
        for (const few of chunksOf(histories, 4)) {
          const jobs = few.flatMap(({ batches }) => batches);
          await rig.queue.addBulk(jobs.map((events) => ({ name: "events", data: { v: 1, events } })));
        }
        await rig.idle(90_000);
        for (const history of histories) {
          expect(await faultsAfter(store, history), `seed ${seed}`).toEqual([]);
        }
      } finally {
        await rig.close();
        await other.close();
        await remove();
        await server.remove();
      }
    },
  );
});

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
