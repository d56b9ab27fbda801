import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Receipt } from "@fio/contracts";
import { ROOT } from "../../scripts/lib/services.ts";
import { check } from "./check/check.ts";
import { outcomeViolations } from "./check/outcomes.ts";
import type { Violation } from "./check/violation.ts";
import { faultsOn } from "./faults/index.ts";
import type { Acknowledged } from "./load/journal.ts";
import type { Options } from "./options.ts";
import { drained } from "./recovery.ts";
import type { RigName } from "./rig/rig-names.ts";
import { startRig, type Rig } from "./rig/rig.ts";
import { takeSnapshot } from "./rig/store/snapshot.ts";
import { lineOf, strikeOnce, type Strike } from "./strike.ts";

export type Run = {
  rig: RigName;
  strikes: Strike[];
  sent: number;
  accepted: number;
  /** In the store under a receipt of their own; the rest were duplicates. */
  stored: number;
  violations: Violation[];
  /** What failed outside of any one fault. */
  failures: string[];
};

const SHORT_OUTAGE_MS = 7_000;
const LONG_OUTAGE_MS = 60_000;

/** Strikes every fault, in the long form again and again, and checks the store against all that was accepted. */
export async function runFaults({
  name,
  options,
  rigs,
  say,
}: {
  name: RigName;
  options: Options;
  rigs: Set<Rig>;
  say: (line: string) => void;
}): Promise<Run> {
  const started = performance.now();
  const rig = await startRig({
    name,
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
      const all = faultsOn(name, options);
      for (const fault of options.minutes === null ? all : rig.random.shuffled(all)) {
        if (round > 0 && enough()) break;
        const from = performance.now();
        const strike = await strikeOnce(rig, fault);
        say(lineOf(strike));
        struck.push({ strike, from, to: performance.now() });
      }
    }

    const failures: string[] = [];
    await drained(rig).catch((error: unknown) => failures.push((error as Error).message));
    const snapshot = await takeSnapshot(rig.store);
    const violations = [
      ...check(rig.journal, snapshot, rig),
      ...(await outcomeViolations(rig.api.url, snapshot)),
    ];
    attribute({ violations, struck, acknowledged: rig.journal.acknowledged });
    for (const { status, body } of rig.journal.refused)
      failures.push(`a valid event was answered ${status}: ${body}`);
    if (
      violations.length > 0 ||
      failures.length > 0 ||
      struck.some(({ strike }) => strike.failures.length > 0)
    ) {
      await keepEvidence(rig);
    }
    return {
      rig: name,
      strikes: struck.map(({ strike }) => strike),
      sent: rig.journal.sent(),
      accepted: rig.journal.acknowledged.length,
      stored: snapshot.applied.length + snapshot.kept.length,
      violations,
      failures,
    };
  } finally {
    await rig.remove();
    rigs.delete(rig);
  }
}

/** What the processes wrote and what was accepted, for whoever looks for the cause. */
async function keepEvidence({ system, name }: Rig): Promise<void> {
  const directory = join(ROOT, "test-results", `faults-${name}`);
  await mkdir(directory, { recursive: true });
  for (const file of await readdir(system.dataDir)) {
    if (/\.(log|jsonl)$/.test(file)) await copyFile(join(system.dataDir, file), join(directory, file));
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
    if (strike !== undefined) strike.violations[kind] += 1;
  }
}
