/**
 * `failover`: Postgres, and a Redis with a replica behind one address, which every event must have reached. `cluster`: SQLite,
 * and a Redis Cluster of three primaries with a replica each, and a partition of the queue for each. `power`: SQLite and Redis
 * on a disk that can lose power; `power-postgres`: the same with Postgres.
 */
export type RigName = "postgres" | "sqlite" | "failover" | "cluster" | "power" | "power-postgres";

export const RIG_NAMES: readonly RigName[] = [
  "postgres",
  "sqlite",
  "failover",
  "cluster",
  "power",
  "power-postgres",
];

/** Their disk can lose power. */
export const POWER_RIGS: readonly RigName[] = ["power", "power-postgres"];

export const isPowerRig = (name: RigName): boolean => POWER_RIGS.includes(name);
