import type { Fault } from "../fault.ts";
import type { Options } from "../options.ts";
import type { RigName } from "../rig/rig-names.ts";
import { crashes } from "./crashes.ts";
import { deadlyEvents } from "./deadly-event.ts";
import { failingEvents } from "./failing-event.ts";
import { failovers } from "./failover.ts";
import { fullRedis } from "./full-redis.ts";
import { locks } from "./locks.ts";
import { longWait } from "./long-wait.ts";
import { postgresOutages } from "./postgres.ts";
import { powerCuts } from "./power-cuts.ts";
import { receipts } from "./receipts.ts";
import { redisClusters } from "./redis-cluster.ts";
import { redisDisk } from "./redis-disk.ts";
import { redisOutages } from "./redis.ts";
import { repeatedSubject } from "./repeated-subject.ts";
import { silentConnections } from "./silent-connections.ts";
import { sqliteDisk } from "./sqlite-disk.ts";
import { stoppedInTurn } from "./stopped-in-turn.ts";

const FAULTS: readonly Fault[] = [
  ...crashes,
  ...failingEvents,
  ...deadlyEvents,
  ...repeatedSubject,
  ...longWait,
  ...redisOutages,
  ...fullRedis,
  ...redisDisk,
  ...postgresOutages,
  ...sqliteDisk,
  ...locks,
  ...stoppedInTurn,
  ...silentConnections,
  ...failovers,
  ...receipts,
  ...redisClusters,
  ...powerCuts,
];

export function faultsOn(
  rig: RigName,
  { only, minutes, all }: Pick<Options, "only" | "minutes" | "all">,
): Fault[] {
  return FAULTS.filter(({ name, on, shortOn }) => {
    const rigs = minutes === null && !all ? (shortOn ?? on) : on;
    return rigs.includes(rig) && name.includes(only ?? "");
  });
}
