import type { ServiceProcess } from "../../support/service-process.ts";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { holdStoreWithJobsInHand } from "../jobs-in-hand.ts";
import { askRedis, stalledAmong, unfinished } from "../rig/redis.ts";
import { underLoad } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";

/** kill -9 of one process, and a supervisor that starts it again a second later. */
function crashOf(what: string, victimOf: (rig: Rig) => ServiceProcess | undefined): Fault {
  return {
    name: `kill -9 of ${what}`,
    on: BOTH,
    limitMs: 10_000,
    strike: async (rig) => {
      const victim = victimOf(rig);
      demand(victim !== undefined, `there is no ${what}`);
      const before = victim.pid();
      await victim.kill();
      demand(victim.pid() === undefined, `${what} still runs`);
      await underLoad(1_000);
      const returnedAt = performance.now();
      await victim.start();
      return { proof: `process ${before ?? 0} became ${victim.pid() ?? 0}`, returnedAt };
    },
  };
}

/** SIGTERM under load: it must end by itself, in time, with exit code 0. */
function stopOf(what: string, victimOf: (rig: Rig) => ServiceProcess | undefined): Fault {
  return {
    name: `SIGTERM of ${what}`,
    on: BOTH,
    limitMs: 10_000,
    strike: async (rig) => {
      const victim = victimOf(rig);
      demand(victim !== undefined, `there is no ${what}`);
      const asked = performance.now();
      const code = await victim.stop();
      const tookMs = performance.now() - asked;
      demand(code === 0, `${what} ended with ${code ?? "a signal"}`);
      demand(tookMs < 10_000, `${what} took ${tookMs} ms to end`);
      const returnedAt = performance.now();
      await victim.start();
      return { proof: `exit code 0 after ${Math.round(tookMs)} ms`, returnedAt };
    },
  };
}

/** A worker with jobs in hand is killed and stays dead; the other one must go on with its jobs. */
const workerCrash: Fault = {
  name: "kill -9 of a worker",
  on: BOTH,
  limitMs: 15_000,
  strike: async (rig) => {
    const { url } = rig.system.redis;
    const victim = rig.workers[0];
    demand(victim !== undefined, "there is no worker");
    const { inHand, release } = await holdStoreWithJobsInHand(rig);
    const killedAt = performance.now();
    await victim.kill();
    await release();
    return {
      proof: `killed with ${inHand.length} jobs in hand of both workers`,
      returnedAt: killedAt,
      also: async () => (await askRedis(url, (redis) => unfinished(redis, inHand))) === 0,
      repair: () => victim.start(),
    };
  },
};

/** The zombie: stopped in the middle of a transaction until its jobs are another's, it wakes and commits again. */
const zombie: Fault = {
  name: "SIGSTOP of a worker beyond its lock, SIGCONT",
  on: BOTH,
  shortOn: ["sqlite"],
  limitMs: 10_000,
  strike: async (rig) => {
    const { url } = rig.system.redis;
    const victim = rig.workers[0];
    demand(victim !== undefined, "there is no worker");
    const { inHand, release } = await holdStoreWithJobsInHand(rig);
    victim.pause();
    await release();
    const stalled = await until(
      async () => {
        const found = await askRedis(url, (redis) => stalledAmong(redis, inHand));
        return found.length > 0 ? found : null;
      },
      { what: "jobs of the stopped worker are handed out again" },
    );
    await underLoad(3_000);
    victim.resume();
    return {
      proof: `${stalled.length} of its jobs were handed to another worker while it slept`,
      returnedAt: performance.now(),
      also: async () => (await askRedis(url, (redis) => unfinished(redis, inHand))) === 0,
    };
  },
};

const anIngest = (rig: Rig) => rig.system.ingests[0];
const aWorker = (rig: Rig) => rig.workers[0];

export const crashes: Fault[] = [
  crashOf("an ingest", anIngest),
  workerCrash,
  crashOf("the api", ({ api }) => api),
  stopOf("an ingest", anIngest),
  stopOf("a worker", aWorker),
  stopOf("the api", ({ api }) => api),
  zombie,
];
