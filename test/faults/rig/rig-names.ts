/**
 * `failover`: Postgres, and a Redis with a replica behind one address, which every event must have reached. `cluster`: SQLite,
 * and a Redis Cluster of three primaries with a replica each, and a partition of the queue for each.
 */
export type RigName = "postgres" | "sqlite" | "failover" | "cluster";

export const RIG_NAMES: readonly RigName[] = ["postgres", "sqlite", "failover", "cluster"];
