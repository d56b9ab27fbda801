import type { Store } from "./connect.ts";

/** A write of one row that holds nothing else. Throws what the store throws. */
export async function writeProbe(store: Store, now: number): Promise<void> {
  await store.write("write_probe").where({ id: 1 }).update({ written_at: now });
}
