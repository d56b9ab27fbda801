import { check } from "../check/check.ts";
import type { Options } from "../options.ts";
import { drained } from "../recovery.ts";
import { startRig, type Rig } from "../rig/rig.ts";
import { takeSnapshot } from "../rig/store/snapshot.ts";
import { PLANS, type Plan } from "./plans.ts";

/** A run with a bug planted in it: the suite must see it. */
export type Control = { bug: string; caught: boolean; seen: string };

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
    const control = await runControl(plan, options, rigs).catch((error: unknown) => ({
      bug: plan.bug,
      caught: false,
      seen: (error as Error).message,
    }));
    say(`control: ${plan.bug}: ${control.caught ? "caught" : "NOT CAUGHT"} (${control.seen})`);
    controls.push(control);
  }
  return controls;
}

async function runControl(plan: Plan, { seed }: Options, rigs: Set<Rig>): Promise<Control> {
  const rig = await startRig({
    name: "sqlite",
    seed,
    eventsPerSecond: 300,
    outageMs: 0,
    ingests: 1,
    workers: 1,
    ...plan.rig,
  });
  rigs.add(rig);
  try {
    await plan.strike(rig);
    await drained(rig);
    const violations = check(rig.journal, await takeSnapshot(rig.store));
    const found = violations.filter(({ kind }) => kind === plan.finds).length;
    return {
      bug: plan.bug,
      caught: found > 0,
      seen: `${found} ${plan.finds} of ${rig.journal.acknowledged.length} accepted`,
    };
  } finally {
    await rig.remove();
    rigs.delete(rig);
  }
}
