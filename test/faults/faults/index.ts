import type { Fault } from "../fault.ts";
import type { DatabaseName } from "../rig/rig.ts";
import { crashes } from "./crashes.ts";
import { deadlyEvents } from "./deadly-event.ts";
import { failingEvents } from "./failing-event.ts";
import { fullRedis } from "./full-redis.ts";
import { locks } from "./locks.ts";
import { postgresOutages } from "./postgres.ts";
import { receipts } from "./receipts.ts";
import { redisOutages } from "./redis.ts";

const FAULTS: readonly Fault[] = [
  ...crashes,
  ...failingEvents,
  ...deadlyEvents,
  ...redisOutages,
  ...fullRedis,
  ...postgresOutages,
  ...locks,
  ...receipts,
];

export function faultsOn(database: DatabaseName, only: string | null): Fault[] {
  return FAULTS.filter(({ name, on }) => on.includes(database) && name.includes(only ?? ""));
}
