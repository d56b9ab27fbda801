import { conversationIdOf, type AcceptedEvent, type Outcome, type Receipt } from "@fio/contracts";
import { decide, type Decision, type UnappliedEvent } from "../domain/index.ts";
import type { Store } from "./connect.ts";
import { lockAndLoad, type LockedConversation } from "./lock-and-load.ts";
import { prepareWords } from "./message-words.ts";
import type { Announcement } from "./outbox.ts";
import { save, type SideWrites } from "./save.ts";
import type { Connection } from "./sql.ts";

export type Batch = SideWrites & { events: readonly AcceptedEvent[] };

/** What a committed batch comes to. */
export type Applied = {
  /** Of every event of the batch, and of those that its duplicates repeat. */
  outcomes: ReadonlyMap<Receipt, Outcome>;
  conversations: number;
  /** `null` when nothing changed that anyone sees. */
  announcement: Announcement | null;
};

/**
 * Applies a batch of events in one transaction. Throws what the database throws; then nothing has happened, or, when
 * the connection was lost while it was committed, all of it: applying it again is harmless.
 */
export async function applyBatch(store: Store, batch: Batch): Promise<Applied> {
  const incoming = Map.groupBy(batch.events, ({ event }) => conversationIdOf(event));
  prepareWords(batch.events);
  return inTransaction(store, async (connection) => {
    const conversations = await lockAndLoad(connection, incoming);
    return commit(connection, conversations, ({ loaded, incoming: events }) => decide(loaded, events), batch);
  });
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
  { loaded }: LockedConversation,
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
  conversations: readonly LockedConversation[],
  decideOn: (one: LockedConversation) => Decision,
  sideWrites: SideWrites,
): Promise<Applied> {
  const decided = conversations.map((one) => ({ ...one, decision: decideOn(one) }));
  const { decisions, announcement } = await save(connection, decided, sideWrites);
  return {
    outcomes: new Map(decisions.flatMap(({ outcomes }) => [...outcomes])),
    conversations: conversations.length,
    announcement,
  };
}

function inTransaction<Value>(
  store: Store,
  work: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  return store.write.transaction((knex) => work({ dialect: store.dialect, knex }));
}
