/** `failover`: Postgres, and a Redis with a replica behind one address, which every event must have reached. */
export type RigName = "postgres" | "sqlite" | "failover";

export const RIG_NAMES: readonly RigName[] = ["postgres", "sqlite", "failover"];
