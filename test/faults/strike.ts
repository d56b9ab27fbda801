import { VIOLATION_KINDS, type Violation } from "./check/violation.ts";
import type { Fault } from "./fault.ts";
import { recovered, underLoad } from "./recovery.ts";
import type { RigName } from "./rig/rig-names.ts";
import type { Rig } from "./rig/rig.ts";

/** One fault, struck once. */
export type Strike = {
  rig: RigName;
  fault: string;
  proof: string;
  /** Events that were posted while it lasted, every try counted, and those of them that were answered 2xx. */
  sent: number;
  accepted: number;
  violations: ViolationCounts;
  /** `null` when it did not come to that. */
  recoveredMs: number | null;
  limitMs: number;
  /** All of it, the outage included. */
  tookMs: number;
  /** Why it failed; empty when it passed. */
  failures: string[];
};

export type ViolationCounts = Record<Violation["kind"], number>;

export function countByKind(violations: readonly Pick<Violation, "kind">[]): ViolationCounts {
  const counts = Object.fromEntries(VIOLATION_KINDS.map((kind) => [kind, 0])) as ViolationCounts;
  for (const { kind } of violations) counts[kind] += 1;
  return counts;
}

/** Breaks, measures the recovery, and lets the load go on for a moment. */
export async function strikeOnce(rig: Rig, fault: Fault): Promise<Strike> {
  const startedAt = performance.now();
  const strike: Strike = {
    rig: rig.name,
    fault: fault.name,
    proof: "",
    sent: -rig.journal.sent(),
    accepted: 0,
    violations: countByKind([]),
    recoveredMs: null,
    limitMs: fault.limitMs,
    tookMs: 0,
    failures: [],
  };
  rig.watch.begin();
  try {
    const struck = await fault.strike(rig);
    strike.proof = struck.proof;
    strike.recoveredMs = Math.round(await recovered(rig, struck.returnedAt, struck.also));
    if (strike.recoveredMs > fault.limitMs) {
      strike.failures.push(`took ${strike.recoveredMs} ms to recover, ${fault.limitMs} are promised`);
    }
    const unready = rig.watch.wereNotReady();
    for (const name of struck.unready ?? []) {
      if (!unready.has(name)) strike.failures.push(`${name} said that it was ready all the time`);
    }
    strike.failures.push(...rig.watch.disagreements());
    await struck.repair?.();
  } catch (error) {
    strike.failures.push((error as Error).message);
    await bringBack(rig);
  }
  await recovered(rig, performance.now()).catch((error: unknown) =>
    strike.failures.push((error as Error).message),
  );
  await underLoad(500);
  strike.tookMs = Math.round(performance.now() - startedAt);
  strike.sent += rig.journal.sent();
  return strike;
}

/** After a fault that went wrong half way: the next ones should not fail for it. */
async function bringBack({ system }: Rig): Promise<void> {
  system.redis.resume();
  if (!system.redis.runs()) await system.redis.start();
  for (const process of system.processes) {
    process.resume();
    if (process.pid() === undefined) await process.start();
  }
}

export function lineOf({ fault, sent, recoveredMs, failures, proof, rig }: Strike): string {
  const time = recoveredMs === null ? "-" : `${(recoveredMs / 1_000).toFixed(1)} s`;
  const verdict = failures.length === 0 ? "passed" : `FAILED: ${failures.join("; ")}`;
  return `${rig}: ${fault}: ${sent} sent, recovered in ${time}, ${verdict} (${proof})`;
}
