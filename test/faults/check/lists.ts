import { comparePlaces, conversationIdOf, placeOf, type AcceptedEvent, type Direction } from "@fio/contracts";
import type { AcceptedSent, SentEvent } from "../load/journal.ts";
import { failedMessages } from "./statuses.ts";
import type { Violation } from "./violation.ts";
import { stateKey, type Snapshot } from "../rig/store/snapshot.ts";

/** What the list shows without counting, held against what is there. */
export function listViolations({ applied, kept, lists }: Snapshot): Violation[] {
  const violations: Violation[] = [];
  const failed = failedMessages(applied);
  const isAnswer = ({ event }: AcceptedEvent): boolean =>
    event.type === "NEW_MESSAGE" &&
    isFrom(event, "SENT") &&
    !failed.has(stateKey({ ...event.data, message_id: event.data.id }));
  const byConversation = Map.groupBy(applied, ({ event }) => conversationIdOf(event));
  const late = Map.groupBy(
    kept.filter(({ reason, event }) => reason === "CONVERSATION_CLOSED" && isFrom(event, "RECEIVED")),
    ({ event }) => conversationIdOf(event),
  );
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
      waiting_since: waitingSince(row.state === "OPEN" ? messages : [], {
        answers: messages.filter(isAnswer),
        late: late.get(id) ?? [],
      }),
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

const isFrom = (event: SentEvent, direction: Direction): boolean =>
  event.type === "NEW_MESSAGE" && event.data.direction === direction;

/** The lowest place of what nobody answered, by place or by receipt, and of what came after the close. */
function waitingSince(
  messages: readonly AcceptedEvent[],
  { answers, late }: { answers: readonly AcceptedEvent[]; late: readonly AcceptedSent[] },
): string | null {
  const lastPlace =
    answers
      .map((one) => placeOf(placeable(one)))
      .toSorted()
      .at(-1) ?? "";
  const lastReceipt =
    answers
      .map(({ receipt }) => receipt)
      .toSorted()
      .at(-1) ?? "";
  const unanswered = messages.filter(
    (one) =>
      isFrom(one.event, "RECEIVED") && (placeOf(placeable(one)) > lastPlace || one.receipt > lastReceipt),
  );
  return [...unanswered, ...late].map((one) => placeOf(placeable(one))).toSorted()[0] ?? null;
}

const placeable = ({ receipt, event }: AcceptedSent) => ({ timestamp: event.timestamp, receipt });

/** The order in which messages are shown. */
const byPlace = (a: AcceptedEvent, b: AcceptedEvent): number => comparePlaces(placeable(a), placeable(b));
