import { setTimeout as sleep } from "node:timers/promises";
import { losePower, startAll } from "../power.ts";
import { underLoad } from "../recovery.ts";
import { askRedis } from "../rig/redis.ts";
import type { Rig } from "../rig/rig.ts";
import { LOAD_MS, moreAcknowledged, planted, type Plan } from "./plan.ts";

/** Settings under which a power cut must lose what was answered, or the disk forgets nothing. */
export const POWER_PLANS: Plan[] = [
  { bug: "a power cut under appendfsync everysec", finds: "lost", rig: { name: "power" }, strike: everysec },
  {
    bug: "a power cut under synchronous = NORMAL of SQLite",
    finds: "lost",
    rig: { name: "power", entries: { conversations: planted("sqlite-commits-early") } },
    long: true,
    strike: afterLoad,
  },
  {
    bug: "a power cut under synchronous_commit = off of Postgres",
    finds: "lost",
    rig: { name: "power-postgres" },
    long: true,
    strike: async (rig) => {
      await rig.store.run("alter system set synchronous_commit = off");
      await rig.store.run("alter system set wal_writer_delay = '2s'");
      await rig.store.run("select pg_reload_conf()");
      await afterLoad(rig);
    },
  },
];

/** The worker is down meanwhile: what it has applied is on the store's disk, and does not depend on Redis any more. */
async function everysec(rig: Rig): Promise<void> {
  await askRedis(rig.system.redis.url, (redis) => redis.config("SET", "appendfsync", "everysec"));
  await underLoad(LOAD_MS);
  await Promise.all(rig.workers.map((worker) => worker.kill()));
  await moreAcknowledged(rig);
  // Redis syncs when its clock comes to the next second.
  await sleep(1_600 - (Date.now() % 1_000));
  await losePower(rig, "strict");
  await startAll(rig);
}

/** A job is gone from Redis once the store has said that it has it. */
async function afterLoad(rig: Rig): Promise<void> {
  await underLoad(LOAD_MS);
  await moreAcknowledged(rig);
  await losePower(rig, "strict");
  await startAll(rig);
}
