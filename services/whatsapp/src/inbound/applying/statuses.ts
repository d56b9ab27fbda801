import type { PostedEvent } from "@fio/contracts";
import type { SaidStatus } from "../reading/facts.ts";
import { statusIn } from "./events.ts";
import type { Ingest } from "../../ingest.ts";
import type { ReadApi } from "./read-api.ts";

/**
 * Statuses need no order and no wait: ingest has them on disk, and Fio puts them together. `unplaced` is told of those
 * whose message Fio does not know, or not yet. Whether all are what ingest takes. Throws `Unavailable`.
 */
export async function tellStatuses({
  api,
  ingest,
  statuses,
  unplaced,
}: {
  api: ReadApi;
  ingest: Ingest;
  statuses: readonly SaidStatus[];
  unplaced: (status: SaidStatus) => void;
}): Promise<boolean> {
  const events: PostedEvent[] = [];
  for (const status of statuses) {
    const conversationId = status.sent.conversationId ?? (await conversationOf(api, status.sent.messageId));
    if (conversationId === null) unplaced(status);
    else events.push(statusIn(conversationId, status));
  }
  return events.length === 0 || ingest.tell(events);
}

async function conversationOf(api: ReadApi, messageId: string): Promise<string | null> {
  const fate = await api.fateOf(messageId);
  return fate === null || fate.outcome === "erased" ? null : fate.conversation_id;
}
