import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceProcess } from "../../support/service-process.ts";
import { demand } from "../demand.ts";
import type { Fault } from "../fault.ts";
import { everyoneIsServed } from "../probes.ts";
import type { Rig } from "../rig/rig.ts";

/** Every connection to Redis notices by then that nobody answers. */
const NOTICED_MS = 10_000;

/**
 * The host behind the address is gone, or a router has forgotten its connections: nothing passes any more and nobody
 * says so; new connections are well. All goes on within ten seconds of the silence being noticed.
 */
function silent(whose: string, victimsOf: (rig: Rig) => ServiceProcess[]): Fault {
  return {
    name: `connections to Redis go silent: ${whose}`,
    on: ["failover"],
    limitMs: NOTICED_MS + 10_000,
    strike: async (rig) => {
      const serving = everyoneIsServed(rig);
      const victims = victimsOf(rig);
      const silencedAt = performance.now();
      const connections = victims.reduce((sum, victim) => sum + linkOf(rig, victim).hangOpen(), 0);
      demand(connections > 0, "there was no connection to silence");
      const left = (): string[] =>
        victims
          .map((victim) => ({ name: victim.name, count: linkOf(rig, victim).silent() }))
          .filter(({ count }) => count > 0)
          .map(({ name, count }) => `${count} of ${name}`);
      while (left().length > 0 && performance.now() - silencedAt < NOTICED_MS) await sleep(50);
      const noticedMs = performance.now() - silencedAt;
      demand(
        left().length === 0,
        `still open after ${NOTICED_MS / 1_000} s of silence: ${left().join(", ")}`,
      );
      return {
        proof: `${connections} connections passed nothing on, the last was given up after ${Math.round(noticedMs)} ms`,
        returnedAt: silencedAt,
        ...serving,
      };
    },
  };
}

function linkOf({ links }: Rig, { name }: ServiceProcess) {
  const link = links.get(name);
  demand(link !== undefined, `${name} has no way of its own to Redis`);
  return link;
}

export const silentConnections: Fault[] = [
  silent("an ingest's", ({ system }) => system.ingests.slice(0, 1)),
  silent("a worker's", ({ workers }) => workers.slice(0, 1)),
  silent("the api's", ({ api }) => [api]),
  silent("everybody's", ({ system }) => system.processes),
];
