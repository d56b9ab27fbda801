import { stat, truncate } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { until } from "../support/until.ts";
import { lastAppendOnlyFile } from "./rig/append-only.ts";
import { check, type Violation } from "./check/check.ts";
import type { Options } from "./options.ts";
import { drained, underLoad } from "./recovery.ts";
import { startRig, type Rig } from "./rig/rig.ts";
import { takeSnapshot } from "./rig/store/snapshot.ts";

/** A run with a bug planted in it: the suite must see it. */
export type Control = { bug: string; caught: boolean; seen: string };

type Plan = {
  bug: string;
  /** What the checker must find. */
  finds: Violation["kind"];
  entries?: Parameters<typeof startRig>[0]["entries"];
  strike: (rig: Rig) => Promise<void>;
};

const planted = (name: string): string => fileURLToPath(new URL(`planted/${name}.ts`, import.meta.url));
const LOAD_MS = 2_000;
const CUT_EVENTS = 200;

const PLANS: Plan[] = [
  {
    bug: "ingest acknowledges before Redis has it",
    finds: "lost",
    entries: { ingest: planted("ingest-acknowledges-early") },
    strike: async ({ system }) => {
      await underLoad(LOAD_MS);
      await system.redis.kill();
      await underLoad(500);
      await system.redis.start();
    },
  },
  {
    bug: "a worker drops a job",
    finds: "lost",
    entries: { conversations: planted("worker-drops-a-job") },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "a worker skips the deduplication",
    finds: "doubled",
    entries: { conversations: planted("worker-skips-dedup") },
    strike: () => underLoad(LOAD_MS),
  },
  { bug: "acknowledged bytes are cut off the append-only file", finds: "lost", strike: cutAcknowledgedBytes },
];

/**
 * The lost disk that nothing but a replica helps against: what was acknowledged last is not there any more. The worker
 * is down meanwhile: jobs that it has in hand would be applied from its memory, and nothing be missed.
 */
async function cutAcknowledgedBytes({ system: { redis }, workers, journal }: Rig): Promise<void> {
  await underLoad(LOAD_MS);
  await Promise.all(workers.map((worker) => worker.kill()));
  const file = await lastAppendOnlyFile(redis.dir);
  const { size } = await stat(file);
  const before = journal.acknowledged.length;
  await until(() => journal.acknowledged.length > before + CUT_EVENTS, { what: "events are acknowledged" });
  await redis.kill();
  await truncate(file, size);
  await redis.start();
  await Promise.all(workers.map((worker) => worker.start()));
}

/** On SQLite, with one of each process: what is tried here is the suite. */
export async function runControls({
  options,
  rigs,
  say,
}: {
  options: Options;
  rigs: Set<Rig>;
  say: (line: string) => void;
}): Promise<Control[]> {
  const controls: Control[] = [];
  for (const plan of PLANS.filter(({ bug }) => bug.includes(options.only ?? ""))) {
    const control = await runControl(plan, options, rigs);
    say(`control: ${plan.bug}: ${control.caught ? "caught" : "NOT CAUGHT"} (${control.seen})`);
    controls.push(control);
  }
  return controls;
}

async function runControl(
  { bug, finds, entries = {}, strike }: Plan,
  { seed }: Options,
  rigs: Set<Rig>,
): Promise<Control> {
  const rig = await startRig({
    database: "sqlite",
    seed,
    eventsPerSecond: 300,
    outageMs: 0,
    entries,
    workers: 1,
  });
  rigs.add(rig);
  try {
    await strike(rig);
    await drained(rig);
    const violations = check(rig.journal, await takeSnapshot(rig.store));
    const found = violations.filter(({ kind }) => kind === finds).length;
    return {
      bug,
      caught: found > 0,
      seen: `${found} ${finds} of ${rig.journal.acknowledged.length} accepted`,
    };
  } finally {
    await rig.remove();
    rigs.delete(rig);
  }
}
