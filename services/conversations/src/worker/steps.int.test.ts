import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { oneByOne } from "../domain/testing/reference.ts";
import type { Store } from "../store/connect.ts";
import { unsettledConversations } from "../store/load-step.ts";
import { apply, differences, holdingsOf, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "./testing/rig.ts";

const WORKER = fileURLToPath(new URL("testing/mortal-worker.ts", import.meta.url));
const MANY = 4_000;

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let store: Store;
  let url: string;
  let remove: () => Promise<void>;
  let rig: Rig;
  beforeEach(async () => {
    server = await startRedis();
    ({ store, url, remove } = await migratedStore(create));
    rig = await createRig(server.url);
  });
  afterEach(async () => {
    await rig.close();
    await remove();
    await server.remove();
  });

  const isSettled = async (): Promise<boolean> => (await unsettledConversations(store)).size === 0;

  test(
    "a worker that is killed between two steps leaves the others to the next one, and nothing is lost",
    { timeout: 120_000 },
    async () => {
      const { id, created, message, closed } = storyOf();
      const waiting = Array.from({ length: MANY }, (_, index) => message(2 * index + 2));
      const [close, creation, late] = [closed(MANY + 1), created(9_001), closed(1_001, 51)];
      for (let from = 0; from < MANY; from += 1_000) await apply(store, ...waiting.slice(from, from + 1_000));
      const countOf = async (): Promise<number> =>
        (await store.read("conversations").where({ id }).first<{ message_count: number } | undefined>())
          ?.message_count ?? 0;

      /** Kills a worker of its own once the messages are somewhere between, on its way through the steps. */
      const killBetween = async (isBetween: (count: number) => boolean): Promise<void> => {
        const child = spawn(process.execPath, [WORKER, server.url, url, "before"], { stdio: "inherit" });
        const gone = new Promise((resolve) => child.once("exit", resolve));
        try {
          await until(async () => isBetween(await countOf()), {
            what: "it is between two steps",
            everyMs: 5,
          });
        } finally {
          child.kill("SIGKILL");
          await gone;
        }
      };
      await rig.send(creation, close);
      await killBetween((count) => count > 0);
      expect(await isSettled()).toBe(false);
      rig.start({ store });
      await until(isSettled, { what: "the steps are taken", limitMs: 60_000 });
      expect(await countOf()).toBe(MANY / 2);

      // The other way: a late close below them.
      await rig.send(late);
      await until(async () => (await countOf()) < MANY / 2, { what: "messages are taken out" });
      await until(isSettled, { what: "the steps are taken", limitMs: 60_000 });
      await rig.idle();
      const events = [...waiting, close, creation, late];
      expect(differences(await holdingsOf(store, [id]), events, oneByOne(events))).toEqual([]);
      // Whoever shows the conversation heard of every message, and of each that went again: at least once.
      const removed = (await rig.changes()).filter(({ event }) => event === "message_removed");
      expect(new Set(removed.map((change) => JSON.stringify(change))).size).toBe(MANY / 2 - 500);
    },
  );
});
