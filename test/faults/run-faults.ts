import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Receipt } from "@fio/contracts";
import { ROOT } from "../../scripts/lib/services.ts";
import { check, type Violation } from "./check/check.ts";
import { outcomeFaults } from "./check/outcomes.ts";
import type { Fault } from "./fault.ts";
import { faultsOn } from "./faults/index.ts";
import type { Acknowledged } from "./load/journal.ts";
import type { Options } from "./options.ts";
import { drained, recovered, underLoad } from "./recovery.ts";
import { startRig, type DatabaseName, type Rig } from "./rig/rig.ts";
import { takeSnapshot } from "./rig/store/snapshot.ts";

/** One fault, struck once. */
export type Strike = {
  database: DatabaseName;
  fault: string;
  proof: string;
  /** Events that were posted while it lasted, every try counted, and those of them that were answered 2xx. */
  sent: number;
  accepted: number;
  lost: number;
  doubled: number;
  wrong: number;
  /** `null` when it did not come to that. */
  recoveredMs: number | null;
  limitMs: number;
  /** Why it failed; empty when it passed. */
  faults: string[];
};

export type Run = {
  database: DatabaseName;
  strikes: Strike[];
  sent: number;
  accepted: number;
  /** In the store under a receipt of their own; the rest were duplicates. */
  stored: number;
  violations: Violation[];
  /** What failed outside of any one fault. */
  faults: string[];
};

const SHORT_OUTAGE_MS = 8_000;
const LONG_OUTAGE_MS = 60_000;

/** Strikes every fault, in the long form again and again, and checks the store against all that was accepted. */
export async function runFaults({
  database,
  options,
  rigs,
  say,
}: {
  database: DatabaseName;
  options: Options;
  rigs: Set<Rig>;
  say: (line: string) => void;
}): Promise<Run> {
  const started = performance.now();
  const rig = await startRig({
    database,
    seed: options.seed,
    eventsPerSecond: options.eventsPerSecond,
    outageMs: options.minutes === null ? SHORT_OUTAGE_MS : LONG_OUTAGE_MS,
  });
  rigs.add(rig);
  try {
    const struck: TimedStrike[] = [];
    const enough = (): boolean =>
      options.minutes === null ||
      (performance.now() - started > options.minutes * 60_000 &&
        rig.journal.acknowledged.length >= options.atLeast);
    for (let round = 0; round === 0 || !enough(); round += 1) {
      const all = faultsOn(database, options.only);
      for (const fault of options.minutes === null ? all : rig.random.shuffled(all)) {
        if (round > 0 && enough()) break;
        const from = performance.now();
        const strike = await strikeOnce(rig, fault);
        struck.push({ strike, from, to: performance.now() });
        say(lineOf(strike));
      }
    }

    const faults: string[] = [];
    await drained(rig).catch((error: unknown) => faults.push((error as Error).message));
    const snapshot = await takeSnapshot(rig.store);
    const violations = [...check(rig.journal, snapshot), ...(await outcomeFaults(rig.api.url, snapshot))];
    attribute({ violations, struck, acknowledged: rig.journal.acknowledged });
    if (violations.length > 0 || faults.length > 0 || struck.some(({ strike }) => strike.faults.length > 0)) {
      await keepEvidence(rig);
    }
    for (const { status, body } of rig.journal.refused)
      faults.push(`a valid event was answered ${status}: ${body}`);
    return {
      database,
      strikes: struck.map(({ strike }) => strike),
      sent: rig.journal.sent(),
      accepted: rig.journal.acknowledged.length,
      stored: snapshot.applied.length + snapshot.kept.length,
      violations,
      faults,
    };
  } finally {
    await rig.remove();
    rigs.delete(rig);
  }
}

async function strikeOnce(rig: Rig, fault: Fault): Promise<Strike> {
  const strike: Strike = {
    database: rig.database,
    fault: fault.name,
    proof: "",
    sent: -rig.journal.sent(),
    accepted: 0,
    lost: 0,
    doubled: 0,
    wrong: 0,
    recoveredMs: null,
    limitMs: fault.limitMs,
    faults: [],
  };
  rig.watch.begin();
  try {
    const struck = await fault.strike(rig);
    strike.proof = struck.proof;
    strike.recoveredMs = Math.round(await recovered(rig, struck.returnedAt, struck.also));
    if (strike.recoveredMs > fault.limitMs) {
      strike.faults.push(`took ${strike.recoveredMs} ms to recover, ${fault.limitMs} are promised`);
    }
    const unready = rig.watch.wereNotReady();
    for (const name of struck.unready ?? []) {
      if (!unready.has(name)) strike.faults.push(`${name} said that it was ready all the time`);
    }
    strike.faults.push(...rig.watch.lies());
    await struck.repair?.();
  } catch (error) {
    strike.faults.push((error as Error).message);
    await bringBack(rig);
  }
  await recovered(rig, performance.now()).catch((error: unknown) =>
    strike.faults.push((error as Error).message),
  );
  await underLoad(1_000);
  strike.sent += rig.journal.sent();
  return strike;
}

/** What the processes wrote and what was accepted, for whoever looks for the cause. */
async function keepEvidence({ system, database }: Rig): Promise<void> {
  const directory = join(ROOT, "test-results", `faults-${database}`);
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(system.dataDir)) {
    if (/\.(log|jsonl)$/.test(name)) await copyFile(join(system.dataDir, name), join(directory, name));
  }
}

/** After a fault that went wrong half way: the next ones should not fail for it. */
async function bringBack({ system }: Rig): Promise<void> {
  system.redis.resume();
  for (const process of system.processes) {
    process.resume();
    if (process.pid() === undefined) await process.start();
  }
}

type TimedStrike = { strike: Strike; from: number; to: number };

/** To the fault during which the event was posted; what cannot be told is the last one's. */
function attribute({
  violations,
  struck,
  acknowledged,
}: {
  violations: readonly Violation[];
  struck: readonly TimedStrike[];
  acknowledged: readonly Acknowledged[];
}): void {
  const during = new Map<Receipt, Strike>();
  for (const { receipt, sentAt } of acknowledged) {
    const strike = struck.find(({ from, to }) => sentAt >= from && sentAt < to)?.strike;
    if (strike === undefined) continue;
    strike.accepted += 1;
    during.set(receipt, strike);
  }
  for (const { kind, receipt } of violations) {
    const strike = (receipt === undefined ? undefined : during.get(receipt)) ?? struck.at(-1)?.strike;
    if (strike !== undefined) strike[kind] += 1;
  }
}

export function lineOf({ fault, sent, recoveredMs, faults, proof, database }: Strike): string {
  const time = recoveredMs === null ? "-" : `${(recoveredMs / 1_000).toFixed(1)} s`;
  const verdict = faults.length === 0 ? "passed" : `FAILED: ${faults.join("; ")}`;
  return `${database}: ${fault}: ${sent} sent, recovered in ${time}, ${verdict} (${proof})`;
}
