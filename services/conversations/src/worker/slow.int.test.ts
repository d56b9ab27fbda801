import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { applyBatch } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { holdingsOf, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { QUICK } from "./testing/quick.ts";
import { createRig, type Rig } from "./testing/rig.ts";

const WORKER = fileURLToPath(new URL("testing/slow-worker.ts", import.meta.url));

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let store: Store;
  let url: string;
  let remove: () => Promise<void>;
  let rig: Rig;
  let children: ChildProcess[];
  beforeEach(async () => {
    server = await startRedis();
    ({ store, url, remove } = await migratedStore(create));
    rig = await createRig(server.url);
    children = [];
  });
  afterEach(async () => {
    await Promise.all(
      children.map(async (child) => {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await gone;
      }),
    );
    await rig.close();
    await remove();
    await server.remove();
  });

  test(
    "a job whose workers are so busy that they lose its lock again and again is never taken for a killer",
    { timeout: 120_000 },
    async () => {
      const { id, created, message } = storyOf();
      const job = await rig.send(created(1), message(2, { content: "slow" }), message(3));
      for (let count = 0; count < 2; count += 1) {
        children.push(spawn(process.execPath, [WORKER, server.url, url, "3"], { stdio: "inherit" }));
      }
      let stalls = 0;
      let marks = 0;
      await until(
        async () => {
          const found = await rig.queue.getJob(job);
          stalls = Math.max(stalls, found?.stalledCounter ?? 0);
          marks += (await store.read("poison_marks").select()).length;
          return found === undefined;
        },
        { what: "the job is done", limitMs: 90_000, everyMs: 50 },
      );
      const { applied, unapplied } = await holdingsOf(store, [id]);
      expect([applied.size, unapplied.size, marks]).toEqual([3, 0, 0]);
      expect(stalls).toBeGreaterThanOrEqual(3);
    },
  );

  test(
    "while a store takes several lock durations for a transaction the lock is kept, and nobody else runs the job",
    { timeout: 60_000 },
    async () => {
      const { id, created } = storyOf();
      let runs = 0;
      const slowly: typeof applyBatch = async (of, batch) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 4 * QUICK.lockMs));
        return applyBatch(of, batch);
      };
      rig.start({ store, apply: slowly });
      rig.start({ store, apply: slowly });
      await rig.send(created(1));
      await rig.idle();
      expect([runs, (await holdingsOf(store, [id])).applied.size]).toEqual([1, 1]);
    },
  );
});
