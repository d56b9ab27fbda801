import type { Account, NewMessage, PostedEvent } from "@fio/contracts";

/** An answer is its agent's, whatever the browser says; what customers wrote, or nobody signed in sends, has no author. */
export function writtenBy<Event extends PostedEvent>(
  event: Event,
  agent: Account | null,
): Event | NewMessage {
  if (agent === null || event.type !== "NEW_MESSAGE" || event.data.direction !== "SENT") return event;
  return { ...event, data: { ...event.data, author: { id: agent.id, name: agent.name } } };
}
