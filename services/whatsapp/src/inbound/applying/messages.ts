import type { PostedEvent, Receipt, Result } from "@fio/contracts";
import type { SaidMessage } from "../reading/facts.ts";
import type { Person } from "../reading/person.ts";
import { carried, creation, messageIn } from "./events.ts";
import type { Ingest } from "../../ingest.ts";
import { nextConversation, type Known } from "./known.ts";
import type { ReadApi } from "./read-api.ts";
import { Unavailable } from "../../unavailable.ts";

/** A message that came after the close of its conversation, and the refusal that says so. */
type Late = { receipt: Receipt; conversationId: string };

export type Placed = "placed" | "invalid";

/** More are taken only where somebody closes as fast as we open. */
const MOST_TRIES = 50;

/**
 * Puts a person's messages into the conversation that is open, or opens the next one. What is refused because it was closed
 * meanwhile goes into the next; its refusal is then one that was seen to. Throws {@link Unavailable}.
 */
export async function placeMessages({
  api,
  ingest,
  webKey,
  person,
  known,
  messages: given,
}: {
  api: ReadApi;
  ingest: Ingest;
  /** Signs what agents do, e.g. see to a refusal; `undefined`: the refusal is left to them. */
  webKey: Buffer | undefined;
  person: Person;
  known: Known;
  messages: readonly SaidMessage[];
}): Promise<Placed> {
  const late = new Map<string, Late>();
  let left = await notPlaced({ api, known, messages: inOrder(given), late });
  const taken = new Set(known.conversations);
  let target = known.open?.id ?? null;
  let anewBy: string | null = null;

  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === MOST_TRIES) throw new Unavailable("every conversation that is opened is closed at once");
    const first = left[0] as SaidMessage;
    const into = target ?? nextConversation(person, { taken, anewBy });
    if (target === null) {
      // By itself: a message that meets a tombstone is erased for good, and would be in no conversation.
      const created = await ingest.settle([creation(into, { person, timestamp: first.timestamp })]);
      if (created === null) return "invalid";
      if (codeOf(created[0]) === "CONVERSATION_ERASED") {
        taken.add(into);
        left = await notErased(api, left);
        anewBy = left[0]?.id ?? null;
        continue;
      }
    }
    const outcomes = await ingest.settle(left.map((message) => messageIn(into, message)));
    if (outcomes === null) return "invalid";
    const moved: PostedEvent[] = [];
    const refused: SaidMessage[] = [];
    for (const [index, message] of left.entries()) {
      const result = outcomes[index];
      const code = codeOf(result);
      const before = late.get(message.id);
      if (code === "CONVERSATION_CLOSED" && result !== undefined) {
        late.set(message.id, { receipt: result.receipt, conversationId: into });
        refused.push(message);
      } else if (before !== undefined && code === null) {
        moved.push(carried(before, { to: into, timestamp: message.timestamp }));
      }
    }
    if (moved.length > 0 && webKey !== undefined) await ingest.tell(moved, webKey);
    taken.add(into);
    target = null;
    left = refused;
  }
  return "placed";
}

/** Without those that were in an erased conversation, and come once more. */
async function notErased(api: ReadApi, messages: readonly SaidMessage[]): Promise<SaidMessage[]> {
  const left: SaidMessage[] = [];
  for (const message of messages)
    if ((await api.fateOf(message.id))?.outcome !== "erased") left.push(message);
  return left;
}

/** By time, and those of one second as they came. */
const inOrder = (messages: readonly SaidMessage[]): SaidMessage[] =>
  [...new Map(messages.map((message) => [message.id, message])).values()].sort((one, other) =>
    one.timestamp < other.timestamp ? -1 : one.timestamp > other.timestamp ? 1 : 0,
  );

/**
 * Those that are in no conversation yet. One that may have been in an earlier one is asked for: it would be refused in the
 * one that is open now, and would open another where none is.
 */
async function notPlaced({
  api,
  known,
  messages,
  late,
}: {
  api: ReadApi;
  known: Known;
  messages: readonly SaidMessage[];
  late: Map<string, Late>;
}): Promise<SaidMessage[]> {
  const { open } = known;
  const left: SaidMessage[] = [];
  for (const message of messages) {
    const mayBeKnown =
      known.isKnown && (open === null || Date.parse(message.timestamp) <= Date.parse(open.created_at));
    const fate = mayBeKnown ? await api.fateOf(message.id) : null;
    if (fate?.outcome === "applied" || fate?.outcome === "erased") continue;
    if (fate?.outcome === "rejected" && fate.reason === "CONVERSATION_CLOSED") {
      late.set(message.id, { receipt: fate.receipt, conversationId: fate.conversation_id });
    }
    left.push(message);
  }
  return left;
}

/** `null` for what is in; throws for what nobody knows yet. */
function codeOf(result: Result | undefined): string | null {
  if (result === undefined) throw new Unavailable("ingest told fewer outcomes than events");
  if (result.status === "rejected") {
    if (result.problem.code === "INTERNAL_ERROR") throw new Unavailable("an event could not be applied");
    return result.problem.code;
  }
  if (result.status === "applied" || result.status === "duplicate") return null;
  throw new Unavailable(`an event is ${result.status}, not applied yet`);
}
