import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serviceProcess, type ServiceProcess } from "../../support/service-process.ts";
import { until } from "../../support/until.ts";
import { DEADLY } from "../planted/deadly-content.ts";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { outcomeOf, replay } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";
import { isInternalError, neighboursApplied, poisonedBatch } from "./failing-event.ts";

const ENTRY = fileURLToPath(new URL("../planted/worker-dies-of-an-event.ts", import.meta.url));
/** Of three stalls and two trials; more would be workers that cannot even start. */
const DEATHS_MAX = 8;
/** Three stalls, and two more to find out which event of the job it is. */
const GIVE_UP_MS = 120_000;

/**
 * In place of the workers run two that are killed by one event, and a supervisor that starts them again. The event
 * must end as INTERNAL_ERROR, the rest go on; then workers that survive it take over and it is replayed.
 */
const deadly: Fault = {
  name: "an event that kills the worker each time",
  on: BOTH,
  shortOn: ["sqlite"],
  limitMs: 15_000,
  strike: async (rig) => {
    const mortal = await mortalWorkers(rig);
    await Promise.all(rig.workers.map((worker) => worker.stop()));
    const supervisor = supervise(mortal);
    const { batch, poison } = poisonedBatch(rig, DEADLY);
    rig.journal.poison(poison);
    const receipts = await rig.sender.deliver(batch);
    const postedAt = performance.now();
    try {
      await until(() => isInternalError(rig, poison), {
        what: "the deadly event is kept as INTERNAL_ERROR",
        limitMs: GIVE_UP_MS,
      });
      await neighboursApplied(rig, batch, poison);
    } finally {
      await supervisor.stop();
      await Promise.all(mortal.map((worker) => worker.stop()));
      await Promise.all(rig.workers.map((worker) => worker.start()));
    }
    const tookSeconds = Math.round((performance.now() - postedAt) / 1_000);
    demand(supervisor.deaths() > 0, "no worker died of it");
    demand(supervisor.deaths() <= DEATHS_MAX, `workers ended ${supervisor.deaths()} times`);

    const returnedAt = performance.now();
    const receipt = receipts[batch.indexOf(poison)];
    demand(receipt !== undefined, "the poison event has no receipt");
    await replay(rig, receipt);
    return {
      proof: `${supervisor.deaths()} workers died of it, set aside within ${tookSeconds} s, then replayed`,
      returnedAt,
      also: async () => (await outcomeOf(rig, poison))?.outcome === "applied",
    };
  },
};

function mortalWorkers({ system }: Rig): Promise<ServiceProcess[]> {
  return Promise.all(
    ["mortal-worker-1", "mortal-worker-2"].map((name) =>
      serviceProcess({
        service: "conversations",
        name,
        dataDir: system.dataDir,
        env: { ...system.env, ROLE: "worker" },
        entry: ENTRY,
      }),
    ),
  );
}

/** Starts again whatever has died, as a container engine would. */
function supervise(processes: readonly ServiceProcess[]): {
  deaths: () => number;
  stop: () => Promise<void>;
} {
  let stopped = false;
  let starts = 0;
  const watch = async (process: ServiceProcess): Promise<void> => {
    while (!stopped) {
      if (process.pid() === undefined) {
        starts += 1;
        await process.start({ ready: false });
      }
      await sleep(100);
    }
  };
  const watching = processes.map(watch);
  return {
    deaths: () => starts - processes.length,
    stop: async () => {
      stopped = true;
      await Promise.all(watching);
    },
  };
}

export const deadlyEvents: Fault[] = [deadly];
