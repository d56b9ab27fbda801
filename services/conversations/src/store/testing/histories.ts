import { randomUUID } from "node:crypto";
import type { AcceptedEvent, WebhookEvent } from "@fio/contracts";
import { CONVERSATIONS } from "../../domain/testing/histories.ts";

/** Gives a history ids of its own, so that many can go through one store. */
export function renaming(): { conversations: string[]; rename: (accepted: AcceptedEvent) => AcceptedEvent } {
  const names = new Map<string, string>();
  const own = (id: string): string => {
    const name = names.get(id) ?? randomUUID();
    names.set(id, name);
    return name;
  };
  const renamed = (event: WebhookEvent): WebhookEvent =>
    event.type === "NEW_MESSAGE"
      ? {
          ...event,
          data: { ...event.data, id: own(event.data.id), conversation_id: own(event.data.conversation_id) },
        }
      : { ...event, data: { id: own(event.data.id) } };
  return {
    conversations: CONVERSATIONS.map(own),
    rename: ({ receipt, event }) => ({ receipt, event: renamed(event) }),
  };
}
