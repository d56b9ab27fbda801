import {
  conversationIdOf,
  type AcceptedEvent,
  type JobEvent,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import { decide, type Decision, type StepLimit, type UnappliedEvent } from "../domain/index.ts";
import type { Store } from "./connect.ts";
import { loadLookups, type LoadedConversation } from "./load-lookups.ts";
import { lockConversations } from "./lock-conversations.ts";
import { loadStep } from "./load-step.ts";
import { prepareWords } from "./message-words.ts";
import type { Announcement } from "./outbox.ts";
import { save, type SideWrites } from "./save.ts";
import type { Connection } from "./sql.ts";
import type { WaiterReply } from "./waiters.ts";

/**
 * What one transaction takes up beside the events that come, and one step at all: so little that a process which also
 * answers readers is not held up, on SQLite above all. In bytes of what is stored.
 */
export const STEP_LIMIT: StepLimit = { events: 250, units: 256 * 1024 };

export type Batch = SideWrites & { events: readonly JobEvent[]; limit?: StepLimit };

/** What a committed batch comes to. */
export type Applied = {
  /** Of every event of the batch, and of those that its duplicates repeat. */
  outcomes: ReadonlyMap<Receipt, Outcome>;
  conversations: number;
  /** `null` when nothing changed that anyone sees. */
  announcement: Announcement | null;
  /** For those who waited for the outcome of an event that has it now. */
  waiterReplies: readonly WaiterReply[];
  /** The conversations that need a further step ({@link settleStep}). */
  unsettled: string[];
};

/**
 * Applies a batch of events in one transaction. Throws what the database throws; then nothing has happened, or, when
 * the connection was lost while it was committed, all of it: applying it again is harmless.
 */
export async function applyBatch(store: Store, batch: Batch): Promise<Applied> {
  const incoming = Map.groupBy(batch.events, ({ event }) => conversationIdOf(event));
  prepareWords(batch.events);
  return inTransaction(store, async (connection) => {
    const conversations = await lockAndLoad(connection, incoming, batch.limit);
    return commit(connection, conversations, ({ loaded, incoming: events }) => decide(loaded, events), batch);
  });
}

/**
 * Gives a conversation's next events their outcome, of those that a creation or a late close left for later: at most
 * `limit` of them in one transaction. Whoever does it goes on from where the conversation's row says.
 */
export async function settleStep(
  store: Store,
  {
    conversation,
    limit = STEP_LIMIT,
    ...sideWrites
  }: SideWrites & { conversation: string; limit?: StepLimit },
): Promise<Applied> {
  return inTransaction(store, async (connection) => {
    const [stored] = await lockConversations(connection, [conversation]);
    if (stored === undefined) throw new Error(`no row for ${conversation} under its own lock`);
    const step = await loadStep(connection, stored, limit);
    prepareWords(step.incoming);
    const loaded = await loadLookups(connection, [step], limit);
    // The step itself is a change, even one that finds nothing more to do.
    const decideOn = (one: LoadedConversation): Decision => ({
      ...decide(one.loaded, one.incoming),
      factsChanged: true,
    });
    return commit(connection, loaded, decideOn, sideWrites);
  });
}

async function lockAndLoad(
  connection: Connection,
  incoming: ReadonlyMap<string, JobEvent[]>,
  limit: StepLimit = STEP_LIMIT,
): Promise<LoadedConversation[]> {
  const conversations = await lockConversations(connection, [...incoming.keys()].toSorted());
  const locked = conversations.map((stored) => ({ stored, incoming: incoming.get(stored.record.id) ?? [] }));
  return loadLookups(connection, locked, limit);
}

/**
 * Keeps an event that failed by our own fault, whole and under its own receipt, unless the store has it already.
 * The event may be malformed as long as its type and its ids are right.
 */
export async function keepInternalError(
  store: Store,
  { accepted, detail, ...sideWrites }: SideWrites & { accepted: AcceptedEvent; detail: string },
): Promise<Applied> {
  const incoming = new Map([[conversationIdOf(accepted.event), [accepted]]]);
  return inTransaction(store, async (connection) => {
    const conversations = await lockAndLoad(connection, incoming);
    return commit(
      connection,
      conversations,
      (one) => internalErrorDecision(one, accepted, detail),
      sideWrites,
    );
  });
}

/** A zombie or an earlier run may have brought it into the store meanwhile: then that stands. */
function internalErrorDecision(
  { loaded }: LoadedConversation,
  accepted: AcceptedEvent,
  detail: string,
): Decision {
  const { conversation, messages, unapplied } = loaded;
  const { receipt } = accepted;
  const isIt = (one: { receipt: Receipt } | null): boolean => one?.receipt === receipt;
  const kept = unapplied.find(isIt);
  const applied = [conversation.created, conversation.closed, ...messages].some(isIt);
  const isNew = !applied && kept === undefined;
  return {
    conversation,
    factsChanged: false,
    removeMessages: [],
    addMessages: [],
    addUnapplied: isNew ? [{ ...accepted, reason: "INTERNAL_ERROR", detail }] : [],
    removeUnapplied: [],
    outcomes: new Map([
      [
        receipt,
        applied ? { kind: "applied" } : outcomeOfUnapplied(kept ?? { reason: "INTERNAL_ERROR", detail }),
      ],
    ]),
  };
}

function outcomeOfUnapplied({ reason, detail }: Pick<UnappliedEvent, "reason" | "detail">): Outcome {
  if (reason === "CONVERSATION_NOT_FOUND") return { kind: "waiting" };
  return detail === undefined ? { kind: "rejected", reason } : { kind: "rejected", reason, detail };
}

async function commit(
  connection: Connection,
  conversations: readonly LoadedConversation[],
  decideOn: (one: LoadedConversation) => Decision,
  sideWrites: SideWrites,
): Promise<Applied> {
  const decided = conversations.map((one) => ({ ...one, decision: decideOn(one) }));
  const { decisions, announcement, waiterReplies } = await save(connection, decided, sideWrites);
  return {
    outcomes: new Map(decisions.flatMap(({ outcomes }) => [...outcomes])),
    conversations: conversations.length,
    announcement,
    waiterReplies,
    unsettled: decisions
      .map((decision) => decision.conversation)
      .filter(({ unsettledAbove }) => unsettledAbove !== null)
      .map(({ id }) => id),
  };
}

function inTransaction<Value>(
  store: Store,
  work: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  return store.write.transaction((knex) => work({ dialect: store.dialect, knex }));
}
