import type { Store } from "./connect.ts";

export async function addFlow(
  { write }: Store,
  { flowHash, expiresAt }: { flowHash: string; expiresAt: number },
): Promise<void> {
  // Also when it is tried again.
  await write("sign_in_flows")
    .insert({ flow_hash: flowHash, expires_at: expiresAt })
    .onConflict("flow_hash")
    .ignore();
}

/** Uses it up: of two at once one gets through. `false`: it was used, is too old, or never was. */
export async function takeFlow(
  { write }: Store,
  { flowHash, now }: { flowHash: string; now: number },
): Promise<boolean> {
  const taken = await write("sign_in_flows")
    .where({ flow_hash: flowHash })
    .where("expires_at", ">", now)
    .delete();
  return taken > 0;
}

export async function deleteOldFlows({ write }: Store, now: number): Promise<void> {
  await write("sign_in_flows").where("expires_at", "<=", now).delete();
}
