import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import { losePower, startAll } from "../power.ts";
import type { Forgotten, Keeps } from "../rig/forgetful-disk.ts";
import { askRedis } from "../rig/redis.ts";
import { POWER_RIGS, type RigName } from "../rig/rig-names.ts";
import type { Rig } from "../rig/rig.ts";

/** Everything has to be started again, and Postgres reads its log. */
const LIMIT_MS = 60_000;
const NOTHING: Forgotten = { bytes: 0, names: 0 };
/** The longest that a cut waits for its moment. */
const MOMENT_MS = 1_500;

function powerCut({
  name,
  keeps,
  shortOn,
  before = () => Promise.resolve(NOTHING),
}: {
  name: string;
  keeps: Keeps;
  shortOn: readonly RigName[];
  /** Under way when the power goes; what it made the disk forget already. */
  before?: (rig: Rig) => Promise<Forgotten>;
}): Fault {
  return {
    name,
    on: POWER_RIGS,
    shortOn,
    limitMs: LIMIT_MS,
    strike: async (rig) => {
      await sleep(rig.random.int(MOMENT_MS));
      const [first, second] = [await before(rig), await losePower(rig, keeps)];
      const returnedAt = performance.now();
      await startAll(rig);
      const [bytes, names] = [first.bytes + second.bytes, first.names + second.names];
      return { proof: `${bytes} bytes and ${names} names were forgotten`, returnedAt };
    },
  };
}

/** Redis its append-only file, Postgres its tables in a checkpoint; SQLite has one every second or so under this load. */
async function whileFilesAreRewritten(rig: Rig): Promise<Forgotten> {
  await askRedis(rig.system.redis.url, (redis) => redis.bgrewriteaof());
  if (rig.postgres !== undefined) void rig.store.run("checkpoint").catch(() => {});
  await sleep(rig.random.int(60));
  return NOTHING;
}

/** The servers have hardly begun to read their files. */
async function whileItStarts(rig: Rig): Promise<Forgotten> {
  const forgotten = await losePower(rig, "ordered");
  const starting = Promise.allSettled([rig.system.redis.start(), rig.postgres?.start() ?? Promise.resolve()]);
  await sleep(rig.random.int(400));
  await Promise.all([rig.system.redis.kill(), rig.postgres?.kill()]);
  await starting;
  return forgotten;
}

export const powerCuts: Fault[] = [
  powerCut({ name: "power cut, nothing unsynced is left", keeps: "strict", shortOn: [] }),
  powerCut({ name: "power cut, some of what was not synced is left", keeps: "ordered", shortOn: [] }),
  powerCut({
    name: "power cut while files are rewritten, nothing unsynced is left",
    keeps: "strict",
    shortOn: ["power"],
    before: whileFilesAreRewritten,
  }),
  powerCut({
    name: "power cut, and another while all starts",
    keeps: "ordered",
    shortOn: ["power-postgres"],
    before: whileItStarts,
  }),
];
