import { conversationIdOf, type PostedEvent } from "@fio/contracts";
import type { Ingest } from "./ingest.ts";

/**
 * Ingest for an agent who is held to their own: what they do in a conversation that they may not see is posted nowhere. Ingest
 * itself knows no agents. Throws `Unavailable` when the read API does not say.
 */
export function heldIngest(ingest: Ingest, maySee: (conversation: string) => Promise<boolean>): Ingest {
  const seesAll = async (events: readonly PostedEvent[]): Promise<boolean> => {
    for (const id of new Set(events.map(conversationIdOf))) if (!(await maySee(id))) return false;
    return true;
  };
  const REFUSED = { kind: "invalid", code: "CONVERSATION_NOT_FOUND" } as const;
  return {
    post: async (event, options) =>
      (await seesAll([event])) ? ingest.post(event, options) : { ...REFUSED, fault: undefined },
    postAll: async (events, options) => ((await seesAll(events)) ? ingest.postAll(events, options) : REFUSED),
  };
}
