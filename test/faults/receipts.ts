import type { Receipt } from "@fio/contracts";
import { freshCreation } from "./recovery.ts";
import type { Rig } from "./rig/rig.ts";

/** One from every ingest, the lowest first. */
export async function nextReceipts(rig: Rig): Promise<Receipt[]> {
  const given = await Promise.all(
    rig.system.ingests.map(({ url }) => rig.sender.deliver([freshCreation(rig)], { ingestUrl: url })),
  );
  return given.flat().toSorted();
}
