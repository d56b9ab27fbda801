import {
  conversationIdOf,
  isAboutRefusal,
  isContactUpdate,
  type AcceptedAct,
  type AcceptedEvent,
  type AcceptedUpdate,
  type JobEvent,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import {
  contentOf,
  decide,
  erasedUpdates,
  separateErased,
  separateShared,
  type Decision,
  type HeldEvent,
  type KeptEvent,
  type StepLimit,
  type UnappliedEvent,
} from "../domain/index.ts";
import type { Store } from "./connect.ts";
import { SELECT_ERASURE_KEY, erasedUpTo, type ErasureKeyRow } from "./erased-contacts.ts";
import { heldEvents } from "./held-events.ts";
import { SAYING_RECEIPT_INDEX } from "./contact-statements.ts";
import { anyUnapplied } from "./any-unapplied.ts";
import { loadLookups, type IncomingEvent, type LoadedConversation } from "./load-lookups.ts";
import { lockConversations } from "./lock-conversations.ts";
import { loadStep } from "./load-step.ts";
import { prepareWords } from "./message-words.ts";
import type { Announcement } from "./outbox.ts";
import { RECEIPT_INDEXES } from "./receipt-indexes.ts";
import { ACT_RECEIPT_INDEX } from "./resolution-statements.ts";
import { ContactsJoined } from "./save-contacts.ts";
import { ASSIGNMENT_RECEIPT_INDEX } from "./assignment-statements.ts";
import { STATUS_RECEIPT_INDEX } from "./status-statements.ts";
import { ReceiptTaken, save, type SideWrites } from "./save.ts";
import { query, together, type Connection } from "./sql.ts";
import { buryMessages, selectTombstones, tombstonesFrom, type TombstoneRow } from "./tombstones.ts";
import { eventIdOf } from "./unapplied-statements.ts";
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
  /** Events whose receipt another event has: nothing was done about them yet, see {@link keepDisplaced}. */
  displaced: readonly JobEvent[];
  /** `null` when nothing changed that anyone sees. */
  announcement: Announcement | null;
  /** For those who waited for the outcome of an event that has it now. */
  waiterReplies: readonly WaiterReply[];
  /** The conversations that have something to send now. */
  toDeliver: readonly string[];
  /** The conversations that need a further step ({@link settleStep}). */
  unsettled: string[];
};

/**
 * Applies a batch of events in one transaction; whoever read them has prepared their words ({@link prepareWords}). Throws what the database throws; then nothing has happened, or, when
 * the connection was lost while it was committed, all of it: applying it again is harmless.
 */
export async function applyBatch(store: Store, batch: Batch): Promise<Applied> {
  const updates = batch.events.filter(isAboutContact);
  const others = updates.length === 0 ? batch.events : batch.events.filter((one) => !isAboutContact(one));
  return inTransaction(store, async (connection) => {
    const { conversations, held, erased } = await lockAndLoad(connection, others, {
      limit: batch.limit,
      updates,
    });
    const gone = new Set(erased);
    const events = gone.size === 0 ? batch.events : batch.events.filter((one) => !gone.has(one));
    const { own, displaced } = separateShared(events, held);
    const isOwn = new Set<JobEvent>(own);
    const standing =
      displaced.length === 0
        ? conversations
        : conversations.map((one) => ({
            ...one,
            incoming: one.incoming.filter((each) => isOwn.has(each)),
            acts: one.acts.filter((each) => isOwn.has(each)),
          }));
    const decideOn = ({ loaded, incoming: events }: LoadedConversation): Decision => decide(loaded, events);
    const ownUpdates = updates.filter((one) => isOwn.has(one));
    const applied = await commit(connection, standing, decideOn, batch, ownUpdates);
    return withErased({ ...applied, displaced }, erased);
  });
}

const isAboutContact = <Posted extends JobEvent>(accepted: Posted): accepted is Posted & AcceptedUpdate =>
  isContactUpdate(accepted.event);

const isOfTheLaw = <Posted extends JobEvent>(accepted: Posted): accepted is Posted & IncomingEvent =>
  !isAboutRefusal(accepted.event) && !isContactUpdate(accepted.event);

const isAcceptedAct = <Posted extends JobEvent>(accepted: Posted): accepted is Posted & AcceptedAct =>
  isAboutRefusal(accepted.event);

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
    const { stored: locked } = await lockConversations(connection, [conversation]);
    const [stored] = locked;
    if (stored === undefined) throw new Error(`no row for ${conversation} under its own lock`);
    const step = await loadStep(connection, stored, limit);
    prepareWords(step.incoming);
    const loaded = await loadLookups(connection, [{ ...step, acts: [] }], { limit, anyUnapplied: true });
    // The step itself is a change, even one that finds nothing more to do.
    const decideOn = (one: LoadedConversation): Decision => ({
      ...decide(one.loaded, one.incoming),
      factsChanged: true,
    });
    return { ...(await commit(connection, loaded, decideOn, sideWrites)), displaced: [] };
  });
}

async function lockAndLoad(
  connection: Connection,
  all: readonly JobEvent[],
  {
    limit = STEP_LIMIT,
    updates = [],
  }: { limit?: StepLimit | undefined; updates?: readonly AcceptedUpdate[] } = {},
): Promise<{
  conversations: LoadedConversation[];
  held: HeldEvent[];
  standing: JobEvent[];
  /** Nothing is decided about these, and nothing of them kept: their conversations were erased, or their customers. */
  erased: JobEvent[];
}> {
  const ids = new Set(all.map(({ event }) => conversationIdOf(event)));
  const about = [...updates, ...all.filter(isAboutContact)];
  const { stored, answers } = await lockConversations(connection, [...ids].toSorted(), [
    anyUnapplied(connection, all),
    selectTombstones(connection, all),
    about.length === 0 ? null : SELECT_ERASURE_KEY,
  ]);
  const [anyKept = [], tombstones = [], keys = []] = answers;
  const { standing, erased } = separateErased(all, tombstonesFrom(tombstones as TombstoneRow[]));
  if (erased.length > 0) await together(connection, [buryMessages(connection, erased)]);
  const incoming = Map.groupBy(standing, ({ event }) => conversationIdOf(event));
  const locked = stored.map((one) => {
    const events = incoming.get(one.record.id) ?? [];
    return { stored: one, incoming: events.filter(isOfTheLaw), acts: events.filter(isAcceptedAct) };
  });
  const [conversations, held, upTo] = await Promise.all([
    loadLookups(connection, locked, { limit, anyUnapplied: anyKept.length > 0 }),
    heldEvents(
      connection,
      [...standing, ...updates].map(({ receipt }) => receipt),
      { contacts: updates.length > 0 || standing.some(isAboutContact) },
    ),
    erasedUpTo(connection, about, keys as ErasureKeyRow[]),
  ]);
  const gone = new Set<JobEvent>(erasedUpdates(about, upTo));
  return {
    conversations,
    held,
    standing: standing.filter((one) => !gone.has(one)),
    erased: [...erased, ...gone],
  };
}

const withErased = (applied: Applied, erased: readonly JobEvent[]): Applied =>
  erased.length === 0
    ? applied
    : {
        ...applied,
        outcomes: new Map([
          ...applied.outcomes,
          ...erased.map(({ receipt }): [Receipt, Outcome] => [receipt, { kind: "erased" }]),
        ]),
      };

/**
 * Keeps an event that failed by our own fault, whole and under its own receipt, unless the store has it already.
 * The event may be malformed as long as its type and its ids are right.
 */
export async function keepInternalError(
  store: Store,
  { accepted, detail, ...sideWrites }: SideWrites & { accepted: JobEvent; detail: string },
): Promise<Applied> {
  return inTransaction(store, async (connection) => {
    const { conversations, held, standing, erased } = await lockAndLoad(connection, [accepted]);
    const { displaced } = separateShared(standing, held);
    if (displaced.length > 0 || erased.length > 0) {
      const untouched = conversations.map((one) => ({ ...one, incoming: [], acts: [] }));
      return withErased(
        { ...(await commit(connection, untouched, noDecision, sideWrites)), displaced },
        erased,
      );
    }
    const decideOn = (one: LoadedConversation): Decision =>
      isOfTheLaw(accepted)
        ? internalErrorDecision(one, accepted, detail)
        : failedActDecision(one, accepted, { detail, held });
    const kept = conversations.map((one) => ({ ...one, acts: [] }));
    return { ...(await commit(connection, kept, decideOn, sideWrites)), displaced };
  });
}

/**
 * Keeps an event whose receipt another event has, under a receipt of its own that names the given one, unless an earlier
 * run has. Its outcome is told under the receipt that was given.
 */
export async function keepDisplaced(
  store: Store,
  {
    accepted,
    receipt,
    ...sideWrites
  }: SideWrites & {
    /** Under the receipt that was given. */
    accepted: JobEvent;
    /** One that nobody else has. */
    receipt: Receipt;
  },
): Promise<Applied> {
  const detail = displacedDetail(accepted.receipt);
  const own = { receipt, event: accepted.event } as JobEvent;
  return inTransaction(store, async (connection) => {
    const { conversations, erased } = await lockAndLoad(connection, [own]);
    if (erased.length > 0) {
      const applied = await commit(connection, conversations, noDecision, sideWrites);
      return withErased({ ...applied, displaced: [] }, [accepted]);
    }
    const isKept = await isKeptAs(connection, accepted, detail);
    const decideOn = (one: LoadedConversation): Decision => {
      if (isKept) return noDecision(one);
      return isOfTheLaw(own)
        ? internalErrorDecision(one, own, detail)
        : failedActDecision(one, own, { detail, held: [] });
    };
    const kept = conversations.map((one) => ({ ...one, acts: [] }));
    const applied = await commit(connection, kept, decideOn, sideWrites);
    const outcome: Outcome = { kind: "rejected", reason: "INTERNAL_ERROR", detail };
    return { ...applied, outcomes: new Map([[accepted.receipt, outcome]]), displaced: [] };
  });
}

const displacedDetail = (given: Receipt): string => `receipt ${given} was given to another event too`;

async function isKeptAs(connection: Connection, { event }: JobEvent, detail: string): Promise<boolean> {
  const rows = await query<{ event: string }>(connection, {
    name: "kept_displaced",
    sql: `select event from unapplied_events
      where event_id = ? and type = ? and reason = 'INTERNAL_ERROR' and detail = ?`,
    values: [eventIdOf(event), event.type, detail],
  });
  return rows.some((row) => contentOf(JSON.parse(row.event) as JobEvent["event"]) === contentOf(event));
}

const noDecision = ({ loaded }: LoadedConversation): Decision => ({
  conversation: loaded.conversation,
  factsChanged: false,
  removeMessages: [],
  addMessages: [],
  addStatuses: [],
  addAssignments: [],
  addUnapplied: [],
  removeUnapplied: [],
  outcomes: new Map(),
});

/** A zombie or an earlier run may have brought it into the store meanwhile: then that stands. */
function internalErrorDecision(
  locked: LoadedConversation,
  accepted: AcceptedEvent,
  detail: string,
): Decision {
  const { loaded } = locked;
  const { conversation, messages, statuses, assignments, unapplied } = loaded;
  const { receipt } = accepted;
  const isIt = (one: { receipt: Receipt } | null): boolean => one?.receipt === receipt;
  const kept = unapplied.find(isIt);
  const applied = [conversation.created, conversation.closed, ...messages, ...statuses, ...assignments].some(
    isIt,
  );
  const isNew = !applied && kept === undefined;
  return {
    ...noDecision(locked),
    addUnapplied: isNew ? [{ ...accepted, reason: "INTERNAL_ERROR", detail }] : [],
    outcomes: new Map([
      [
        receipt,
        applied ? { kind: "applied" } : outcomeOfUnapplied(kept ?? { reason: "INTERNAL_ERROR", detail }),
      ],
    ]),
  };
}

/** As {@link internalErrorDecision} for an act, or for what is about a contact: `held` is what the store has under its receipt. */
function failedActDecision(
  locked: LoadedConversation,
  { receipt, event }: AcceptedAct | AcceptedUpdate,
  { detail, held }: { detail: string; held: readonly HeldEvent[] },
): Decision {
  const known = held.find((one) => one.receipt === receipt);
  const isApplied = known !== undefined && known.reason === undefined;
  return {
    ...noDecision(locked),
    addUnapplied:
      known === undefined ? [{ receipt, event, reason: "INTERNAL_ERROR", detail } as KeptEvent] : [],
    outcomes: new Map([
      [receipt, isApplied ? { kind: "applied" } : { kind: "rejected", reason: "INTERNAL_ERROR", detail }],
    ]),
  };
}

function outcomeOfUnapplied({ reason, detail }: Pick<UnappliedEvent, "reason" | "detail">): Outcome {
  if (reason === "CONVERSATION_NOT_FOUND") return { kind: "waiting" };
  if (reason === "MESSAGE_NOT_FOUND") return { kind: "waiting", missing: "message" };
  return detail === undefined ? { kind: "rejected", reason } : { kind: "rejected", reason, detail };
}

async function commit(
  connection: Connection,
  conversations: readonly LoadedConversation[],
  decideOn: (one: LoadedConversation) => Decision,
  sideWrites: SideWrites,
  updates: readonly AcceptedUpdate[] = [],
): Promise<Omit<Applied, "displaced">> {
  const decided = conversations.map((one) => ({ ...one, decision: decideOn(one) }));
  const { decisions, otherOutcomes, announcement, waiterReplies, toDeliver } = await save(
    connection,
    decided,
    updates,
    sideWrites,
  );
  return {
    outcomes: new Map([...decisions.flatMap(({ outcomes }) => [...outcomes]), ...otherOutcomes]),
    conversations: conversations.length,
    announcement,
    waiterReplies,
    toDeliver,
    unsettled: decisions
      .map((decision) => decision.conversation)
      .filter(({ unsettledAbove }) => unsettledAbove !== null)
      .map(({ id }) => id),
  };
}

/**
 * Once more when another transaction took a receipt meanwhile: then it is seen who has it. Again, too, when one joined
 * contacts meanwhile: joins are rare, and no two meet for ever.
 */
async function inTransaction<Value>(
  store: Store,
  work: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  const attempt = (): Promise<Value> =>
    store.write.transaction((knex) => work({ dialect: store.dialect, knex }));
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof ContactsJoined) return inTransaction(store, work);
    if (!isReceiptTaken(error)) throw error;
    return attempt();
  }
}

function isReceiptTaken(error: unknown): boolean {
  if (error instanceof ReceiptTaken) return true;
  if (!(error instanceof Error)) return false;
  const constraint = "constraint" in error ? String(error.constraint) : "";
  const indexes = [
    ...RECEIPT_INDEXES,
    ACT_RECEIPT_INDEX,
    STATUS_RECEIPT_INDEX,
    ASSIGNMENT_RECEIPT_INDEX,
    SAYING_RECEIPT_INDEX,
  ];
  return (
    indexes.some(({ name }) => name === constraint) ||
    indexes.some(({ table, column }) =>
      error.message.endsWith(`UNIQUE constraint failed: ${table}.${column}`),
    )
  );
}
