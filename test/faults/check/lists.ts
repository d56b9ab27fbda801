import { comparePlaces, conversationIdOf, placeOf, type AcceptedEvent } from "@fio/contracts";
import type { Violation } from "./violation.ts";
import type { Snapshot } from "../rig/store/snapshot.ts";

/** What the list shows without counting, held against what is there. */
export function listViolations({ applied, lists }: Snapshot): Violation[] {
  const violations: Violation[] = [];
  const byConversation = Map.groupBy(applied, ({ event }) => conversationIdOf(event));
  for (const [id, row] of lists) {
    const events = byConversation.get(id) ?? [];
    const messages = events.filter(({ event }) => event.type === "NEW_MESSAGE").toSorted(byPlace);
    const newest = messages.at(-1);
    const last = newest?.event;
    const should = {
      state: events.some(({ event }) => event.type === "CLOSE_CONVERSATION") ? "CLOSED" : "OPEN",
      message_count: messages.length,
      last_message_at: newest === undefined ? null : placeOf(placeable(newest)),
      last_message_direction: last?.type === "NEW_MESSAGE" ? last.data.direction : null,
    };
    for (const [column, value] of Object.entries(should)) {
      const is = row[column as keyof typeof row];
      if (is !== value)
        violations.push({
          kind: "wrong",
          line: `conversation ${id}: ${column} is ${is}, by its messages it is ${value}`,
        });
    }
  }
  for (const id of byConversation.keys()) {
    if (!lists.has(id))
      violations.push({ kind: "wrong", line: `conversation ${id} has messages and does not exist` });
  }
  return violations;
}

const placeable = ({ receipt, event }: AcceptedEvent) => ({ timestamp: event.timestamp, receipt });

/** The order in which messages are shown. */
const byPlace = (a: AcceptedEvent, b: AcceptedEvent): number => comparePlaces(placeable(a), placeable(b));
