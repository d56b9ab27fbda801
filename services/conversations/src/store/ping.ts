import type { Store } from "./connect.ts";

/** Resolves when the store answers a read of one row; throws what it throws. */
export async function pingStore(store: Store): Promise<void> {
  await store.read("conversations").select("id").limit(1);
}
