import type { FailoverRedis } from "../support/failover.ts";
import { until } from "../support/until.ts";
import { demand } from "./demand.ts";
import type { Rig } from "./rig/rig.ts";

/** In receipts. */
export const HOUR_US = 3_600_000_000;

export function pairOf({ pair }: Rig): FailoverRedis {
  demand(pair !== undefined, "this rig has one Redis");
  return pair;
}

/** Resolves with the highest receipt in the store, once that is above what a replica knows. */
export function appliedAbove(rig: Rig, known: string | null): Promise<bigint> {
  return until(
    async () => {
      const highest = await highestReceipt(rig);
      return highest > BigInt(known ?? 0) ? highest : null;
    },
    { what: "events that the replica lacks are applied", limitMs: 20_000 },
  );
}

export async function highestReceipt({ store }: Rig): Promise<bigint> {
  const [row] = await store.rows<{ highest: string | number | null }>(
    `select max(receipt) as highest from (select max(receipt) as receipt from messages
      union all select max(receipt) from unapplied_events) as both_tables`,
  );
  return BigInt(row?.highest ?? 0);
}
