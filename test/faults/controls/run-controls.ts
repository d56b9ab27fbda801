import { check } from "../check/check.ts";
import { inLanes } from "../in-lanes.ts";
import type { Options } from "../options.ts";
import { drained } from "../recovery.ts";
import { isPowerRig } from "../rig/rig-names.ts";
import { startRig, type Rig } from "../rig/rig.ts";
import { takeSnapshot } from "../rig/store/snapshot.ts";
import { diskControls } from "./disk.ts";
import type { Control, Plan } from "./plan.ts";
import { PLANS } from "./plans.ts";

const USUAL_RIG = "sqlite";
/** What `--only` calls the control runs of the disk itself. */
const DISK = "disk that loses power";

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
  const note = (control: Control): void => {
    const { bug, caught, seen } = control;
    say(`control: ${bug}: ${caught ? "caught" : "NOT CAUGHT"} (${seen})`);
    controls.push(control);
  };
  const isAsked = (bug: string): boolean => bug.includes(options.only ?? "");
  if (options.rigs.some(isPowerRig) && isAsked(DISK))
    for (const control of await diskControls()) note(control);
  const plans = PLANS.filter((one) => isAsked(one.bug) && runsOn(one, options));
  await inLanes(plans, options.atOnce, async (plan) => {
    const control = await runControl(plan, options, rigs).catch((error: unknown) => ({
      bug: plan.bug,
      caught: false,
      seen: (error as Error).message,
    }));
    note(control);
  });
  return controls;
}

const runsOn = ({ rig, long }: Plan, { rigs, all }: Options): boolean =>
  rigs.includes(rig?.name ?? USUAL_RIG) && (long !== true || all);

async function runControl(plan: Plan, { seed }: Options, rigs: Set<Rig>): Promise<Control> {
  const rig = await startRig({
    name: USUAL_RIG,
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
