import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { replay } from "../replay.ts";
import type { Store } from "../store/connect.ts";
import { holdingsOf, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "./testing/rig.ts";

const WORKER = fileURLToPath(new URL("testing/mortal-worker.ts", import.meta.url));

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let store: Store;
  let url: string;
  let remove: () => Promise<void>;
  let rig: Rig;
  let supervised: ReturnType<typeof supervise> | undefined;
  beforeEach(async () => {
    server = await startRedis();
    ({ store, url, remove } = await migratedStore(create));
    rig = await createRig(server.url);
  });
  afterEach(async () => {
    await supervised?.stop();
    supervised = undefined;
    await rig.close();
    await remove();
    await server.remove();
  });

  /** Starts the worker again whenever it dies, as an orchestrator would. */
  function supervise(when: "before" | "after") {
    let deaths = 0;
    let stopped = false;
    let child: ChildProcess | undefined;
    const start = (): void => {
      child = spawn(process.execPath, [WORKER, server.url, url, when], { stdio: "inherit" });
      child.once("exit", (_code, signal) => {
        if (signal === "SIGKILL" && !stopped) deaths += 1;
        if (!stopped) start();
      });
    };
    start();
    return {
      deaths: () => deaths,
      stop: async () => {
        if (stopped) return;
        stopped = true;
        const gone = new Promise((resolve) => child?.once("exit", resolve));
        child?.kill("SIGKILL");
        await gone;
      },
    };
  }

  test(
    "an event that kills the worker each time ends as INTERNAL_ERROR, and its neighbours are applied",
    { timeout: 120_000 },
    async () => {
      const [one, other] = [storyOf(), storyOf()];
      const killer = one.message(3, { content: "killer" });
      await rig.send(one.created(1), one.message(2), killer, one.message(4));
      await rig.send(other.created(1), other.message(2));
      supervised = supervise("before");
      await rig.idle(90_000);
      expect(supervised.deaths()).toBe(4);
      const { applied, unapplied } = await holdingsOf(store, [one.id, other.id]);
      expect(applied.size).toBe(5);
      expect(await store.read("poison_marks").select()).toEqual([]);
      expect([...unapplied]).toMatchObject([[killer.receipt, { reason: "INTERNAL_ERROR" }]]);
      await supervised.stop();

      // Once what it met is set right, a replay gets it in.
      rig.start({ store });
      expect(await replay({ store, queue: rig.queue, receipt: killer.receipt })).toEqual({ kind: "queued" });
      await until(async () => (await holdingsOf(store, [one.id])).applied.has(killer.receipt), {
        what: "it got in",
      });
    },
  );

  test(
    "an event that kills the worker each time after it is applied does not loop, and is no fault",
    { timeout: 120_000 },
    async () => {
      const { id, created, message } = storyOf();
      await rig.send(created(1), message(2, { content: "killer" }), message(3));
      supervised = supervise("after");
      await rig.idle(90_000);
      const { applied, unapplied } = await holdingsOf(store, [id]);
      expect([supervised.deaths(), applied.size, unapplied.size]).toEqual([4, 3, 0]);
      expect(await store.read("poison_marks").select()).toEqual([]);
    },
  );

  test(
    "a worker that is killed between the commit and the announcement loses neither, and blames nobody",
    { timeout: 120_000 },
    async () => {
      const { id, created, message } = storyOf();
      const events = [created(1), message(2, { content: "killer" })];
      await rig.send(...events);
      supervised = supervise("after");
      await until(() => (supervised?.deaths() ?? 0) > 0, { what: "it was killed" });
      await supervised.stop();
      expect((await holdingsOf(store, [id])).rows.get(id)?.version).toBe(1);
      expect(await rig.changes()).toEqual([]);

      rig.start({ store });
      await until(async () => (await rig.changes()).length === 2, { what: "it is announced" });
      await rig.idle();
      const { applied, unapplied, rows } = await holdingsOf(store, [id]);
      expect([applied.size, unapplied.size, rows.get(id)?.version]).toEqual([2, 0, 1]);
    },
  );
});
