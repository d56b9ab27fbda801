import { type AcceptedEvent } from "@fio/contracts";
import { applyBatch, keepInternalError } from "../../services/conversations/src/store/apply.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { migrate } from "../../services/conversations/src/store/migrate.ts";

const BATCH = 1_000;

/**
 * Fills a store that no worker serves yet, through the real applier: whatever receipts and times are wanted, and no
 * announcement of it. `faults` are kept as `INTERNAL_ERROR` with their detail.
 */
export async function seedStore(
  url: string,
  events: readonly AcceptedEvent[],
  faults: ReadonlyArray<{ accepted: AcceptedEvent; detail: string }> = [],
): Promise<void> {
  const store = openStore(url);
  const aside = { now: Date.now(), announced: [], poisonMark: null };
  try {
    await migrate(store);
    for (let from = 0; from < events.length; from += BATCH) {
      await applyBatch(store, { ...aside, events: events.slice(from, from + BATCH) });
    }
    for (const { accepted, detail } of faults) await keepInternalError(store, { ...aside, accepted, detail });
    await store.write("outbox").delete();
  } finally {
    await store.close();
  }
}
