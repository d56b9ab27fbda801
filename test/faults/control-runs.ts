import { stat, truncate } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { until } from "../support/until.ts";
import { lastAppendOnlyFile } from "./append-only.ts";
import { check, type Violation } from "./check/check.ts";
import type { Options } from "./options.ts";
import { askRedis, backlog } from "./queue.ts";
import { drained, underLoad } from "./recovery.ts";
import { startRig, type Rig } from "./rig.ts";
import { takeSnapshot } from "./store/snapshot.ts";

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

/** The lost disk that nothing but a replica helps against: jobs are waiting, and half of them are not there any more. */
async function cutAcknowledgedBytes(rig: Rig): Promise<void> {
  const { redis } = rig.system;
  await underLoad(LOAD_MS / 2);
  const release = await rig.store.hold();
  const file = await lastAppendOnlyFile(redis.dir);
  const { size: before } = await stat(file);
  await underLoad(LOAD_MS);
  await until(() => askRedis(redis.url, backlog).then((jobs) => jobs > 10), { what: "jobs are waiting" });
  await redis.kill();
  const { size: after } = await stat(file);
  await truncate(file, before + Math.floor((after - before) / 2));
  await release();
  await redis.start();
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
