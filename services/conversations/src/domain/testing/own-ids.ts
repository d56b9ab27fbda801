import { randomUUID } from "node:crypto";
import { conversationIdOf, type WebhookEvent } from "@fio/contracts";

/** Other ids for events of one history, the same for the same, so that many histories can go through one store. */
export function ownIds(): {
  own: (id: string) => string;
  renamed: (event: WebhookEvent) => WebhookEvent;
} {
  const names = new Map<string, string>();
  const own = (id: string): string => {
    const name = names.get(id) ?? randomUUID();
    names.set(id, name);
    return name;
  };
  const renamed = (event: WebhookEvent): WebhookEvent => {
    const conversation_id = own(conversationIdOf(event));
    switch (event.type) {
      case "NEW_MESSAGE":
        return { ...event, data: { ...event.data, id: own(event.data.id), conversation_id } };
      case "MESSAGE_STATUS":
        return { ...event, data: { ...event.data, message_id: own(event.data.message_id), conversation_id } };
      case "ASSIGN_CONVERSATION":
        return { ...event, data: { ...event.data, id: conversation_id } };
      case "NEW_CONVERSATION":
      case "CLOSE_CONVERSATION":
        return { ...event, data: { id: conversation_id } };
    }
  };
  return { own, renamed };
}
