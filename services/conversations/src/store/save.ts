import {
  contactKeyOf,
  conversationIdOf,
  idOf,
  type AcceptedUpdate,
  type Change,
  type ContactRow,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import { refuseTaken, type Decision } from "../domain/index.ts";
import { assignedChanges, changesOf } from "./changes.ts";
import { deleteUnapplied, upsertUnapplied } from "./unapplied-statements.ts";
import { lateChanges } from "./late-messages.ts";
import type { LoadedConversation } from "./load-lookups.ts";
import { loadUnanswered } from "./load-unanswered.ts";
import {
  refusalChanges,
  refusalFrames,
  refusalsFrames,
  refusedKey,
  resolutionsFrom,
  type RefusalChanges,
  type Resolutions,
} from "./refusal-changes.ts";
import { keptFrom, selectResolutions, type ResolutionRow } from "./resolution-statements.ts";
import type { LastMessage, StoredConversation, Unanswered } from "./rows.ts";
import { saveActs, type SavedActs } from "./save-acts.ts";
import { saveContacts, type ContactChanges } from "./save-contacts.ts";
import { together, type Connection } from "./sql.ts";
import {
  lastMessageAfter,
  messageChanges,
  conversationAfter,
  type MessageChanges,
} from "./conversation-after.ts";
import {
  announcementOf,
  deleteOutbox,
  entriesOf,
  insertOutbox,
  type Announcement,
  type OutboxRow,
} from "./outbox.ts";
import { commitPoisonMark } from "./poison-marks.ts";
import { sentChanges } from "./sent-changes.ts";
import {
  NO_DELIVERIES,
  conversationsOf,
  deliveryChanges,
  deliveryFrame,
  DELIVERIES_CHANGED,
  selectWithdrawn,
  writeDeliveries,
  type ToldRow,
} from "./delivery-statements.ts";
import { NOTHING_UNANSWERED, unansweredAfter } from "./unanswered.ts";
import { upsertAssignments } from "./assignment-statements.ts";
import { upsertStatuses } from "./status-statements.ts";
import { sortWaiters, updateWaiters, type WaiterReply } from "./waiters.ts";
import * as conversationStatements from "./conversation-statements.ts";
import * as messageStatements from "./message-statements.ts";

/** Another transaction has brought another event under the same receipt meanwhile. */
export class ReceiptTaken extends Error {}

export type Decided = LoadedConversation & { decision: Decision };

/** What else a transaction writes, beside what was decided. */
export type SideWrites = {
  /** Milliseconds since 1970. */
  now: number;
  /** Rows of the outbox that are announced and can go. */
  announced: readonly string[];
  /** The event applied in quarantine, if any: its poison mark is committed exactly when its outcome is in the store. */
  poisonMark: Receipt | null;
  /** Whether messages with an author are to be delivered. */
  delivers?: boolean;
};

export type Saved = {
  /** What came of it in the end, for each conversation. */
  decisions: Decision[];
  /** Of agents' acts, and of what is about contacts. */
  otherOutcomes: Map<Receipt, Outcome>;
  /** What to announce, and the row of the outbox that holds it; `null` when nothing changed that anyone sees. */
  announcement: Announcement | null;
  waiterReplies: WaiterReply[];
  /** Conversations that have something to send now. */
  toDeliver: string[];
};

/**
 * Carries decisions out, set-based, in at most five round trips, one more where agents acted, two where something is about a contact. Inserts come before whatever touches rows of the
 * conversation's own: a transaction that waits, waits here for another's insert, and holds nothing yet that the
 * other could wait for.
 */
export async function save(
  connection: Connection,
  decided: readonly Decided[],
  updates: readonly AcceptedUpdate[],
  { now, announced, poisonMark, delivers = false }: SideWrites,
): Promise<Saved> {
  const taken = await insertApplied(connection, decided);
  const acts = await saveActs(
    connection,
    decided.flatMap((one) => one.acts),
  );
  const settled = decided.map((one): Settled => {
    const ids = taken.get(one.stored.record.id);
    const decision = ids === undefined ? one.decision : refuseTaken(one.decision, ids);
    const settledOne = { ...one, decision, messages: messageChanges(decision) };
    return { ...settledOne, refusals: refusalChanges(settledOne, acts) };
  });
  const changed = settled.filter(isChanged);

  const deliveries = delivers ? deliveryChanges(settled.map(({ messages }) => messages)) : NO_DELIVERIES;
  // What was taken out and has left is told of as such: a rare round trip more.
  const withdraws = deliveries.withdraw.length > 0;
  const withdrawn = withdraws
    ? ((
        await together(connection, [
          ...writeDeliveries(connection, deliveries, now),
          selectWithdrawn(connection, deliveries.withdraw),
        ])
      ).at(-1) as ToldRow[])
    : [];
  const contacts = await saveContacts(connection, contactChanges(settled, changed, updates));
  const { last, resolutions } = await lastMessages(connection, changed);
  const unanswered = await unansweredOf(connection, changed, { acts, resolutions });
  const after = changed.map(({ stored, decision, messages, refusals }) => ({
    messages,
    statuses: decision.addStatuses,
    refusals,
    before: stored.record,
    stored: conversationAfter(stored, decision, {
      last: last.get(stored.record.id) ?? null,
      unanswered: unanswered.get(stored.record.id) ?? NOTHING_UNANSWERED,
    }),
  }));
  const sorted = settled.map(({ incoming, waiters, decision: { outcomes } }) =>
    sortWaiters({ incoming, known: waiters, outcomes }),
  );
  const contactOf = ({ created }: StoredConversation["record"]): ContactRow | undefined =>
    created?.contact === undefined ? undefined : contacts.rows.get(contactKeyOf(created.contact));
  const waiterReplies = sorted.flatMap(({ replies }) => replies);
  const entries = entriesOf([
    ...after.flatMap(({ before, stored, messages, statuses, refusals }) => [
      ...assignedChanges(before, stored),
      ...changesOf(stored, messages, { contact: contactOf(stored.record), statuses, delivers }),
      ...refusalFrames(stored, refusals, resolutions),
    ]),
    ...refusalsFrames(settled, acts, resolutions, contacts.anyRecovered),
    ...contacts.changed.map((contact): Change => ({ event: "contact", contact })),
    ...withdrawn.map(deliveryFrame),
    ...(withdraws ? [DELIVERIES_CHANGED] : []),
  ]);
  const unused = settled.filter(({ decision }) => decision.conversation.created === null);
  const unapplied = settled.flatMap(({ decision }) => decision.addUnapplied);
  const [written, outbox] = await together(connection, [
    upsertUnapplied(connection, unapplied),
    insertOutbox({ entries, waiterReplies, now }),
    deleteOutbox(connection, announced),
    commitPoisonMark(poisonMark),
    conversationStatements.updateConversations(
      connection,
      after.map(({ stored }) => stored),
    ),
    conversationStatements.deletePlaceholders(
      connection,
      unused.map(({ stored }) => stored.record.id),
    ),
    updateWaiters(connection, new Map(sorted.flatMap(({ rows }) => [...rows]))),
    deleteUnapplied(
      connection,
      settled.flatMap(({ decision }) => decision.removeUnapplied),
    ),
    ...contacts.writes,
    ...(withdraws ? [] : writeDeliveries(connection, deliveries, now)),
  ]);
  if ((written ?? []).length < unapplied.length) throw new ReceiptTaken();
  return {
    decisions: settled.map(({ decision }) => decision),
    otherOutcomes: new Map([...acts.outcomes, ...contacts.outcomes]),
    announcement: announcementOf(outbox as OutboxRow[], entries),
    waiterReplies,
    toDeliver: conversationsOf(deliveries.add),
  };
}

/** The message ids that another conversation holds, by the conversation that wanted them. */
async function insertApplied(
  connection: Connection,
  decided: readonly Decided[],
): Promise<Map<string, Set<string>>> {
  const wanted = decided.flatMap(({ decision }) => messageChanges(decision).insert);
  const [rows] = await together(connection, [
    messageStatements.insertMessages(connection, wanted),
    upsertStatuses(
      connection,
      decided.flatMap(({ decision }) => decision.addStatuses),
    ),
    upsertAssignments(
      connection,
      decided.flatMap(({ decision }) => decision.addAssignments),
    ),
  ]);
  const nameOf = (conversation: string, id: string) => `${conversation} ${id}`;
  const inserted = new Set(
    (rows as messageStatements.Inserted[]).map((row) => nameOf(row.conversation_id, row.id)),
  );
  const taken = wanted
    .map(({ event }) => ({ conversation: conversationIdOf(event), id: idOf(event) }))
    .filter(({ conversation, id }) => !inserted.has(nameOf(conversation, id)));
  const byConversation = Map.groupBy(taken, ({ conversation }) => conversation);
  return new Map(
    [...byConversation].map(([conversation, ids]) => [conversation, new Set(ids.map(({ id }) => id))]),
  );
}

/** A contact's rows are locked after all inserts that may have to wait for another transaction's. */
const contactChanges = (
  settled: readonly Settled[],
  changed: readonly Settled[],
  updates: readonly AcceptedUpdate[],
): ContactChanges => ({
  updates,
  creations: settled
    .map(({ stored, decision }) => ({
      conversation: stored.record.id,
      before: stored.record.created,
      after: decision.conversation.created,
    }))
    .filter(
      ({ before, after }) =>
        before?.receipt !== after?.receipt && (before?.contact ?? after?.contact) !== undefined,
    ),
  shown: changed.flatMap(({ decision }) => decision.conversation.created?.contact ?? []),
});

type Settled = Decided & { messages: MessageChanges; refusals: RefusalChanges };

/** Whether anything about an existing conversation is other than before: its row, its messages, or what was refused. */
function isChanged({ decision, messages, refusals }: Settled): boolean {
  const { factsChanged, removeUnapplied, conversation } = decision;
  if (conversation.created === null) return false;
  const { insert, replace, remove } = messages;
  return [
    factsChanged,
    removeUnapplied.length,
    decision.addStatuses.length,
    insert.length,
    replace.length,
    remove.length,
    refusals.refused.length,
    refusals.undone.length,
  ].some(Boolean);
}

/**
 * Takes messages out or over, and then finds the newest of each conversation, by the index where it must. Beside that what
 * agents did about the events that are refused now.
 */
async function lastMessages(
  connection: Connection,
  changed: readonly Settled[],
): Promise<{ last: Map<string, LastMessage | null>; resolutions: Resolutions }> {
  const [resolutionRows] = await together(connection, [
    selectResolutions(
      connection,
      changed.flatMap(({ stored, refusals }) =>
        refusals.refused.map(({ receipt }) => ({ receipt, conversation_id: stored.record.id })),
      ),
    ),
    messageStatements.replaceMessages(
      connection,
      changed.flatMap(({ messages }) => messages.replace),
    ),
    messageStatements.deleteMessages(
      connection,
      changed.flatMap(({ messages }) => messages.remove),
    ),
  ]);
  const known = new Map<string, LastMessage | null>();
  const unknown: string[] = [];
  for (const { stored, decision } of changed) {
    const last = lastMessageAfter(stored, decision);
    if (last === "unknown") unknown.push(stored.record.id);
    else known.set(stored.record.id, last);
  }
  for (const [id, last] of await readLast(connection, unknown)) known.set(id, last);
  return { last: known, resolutions: resolutionsFrom(resolutionRows as ResolutionRow[]) };
}

/** Since when each customer waits, by look-ups where it must: messages and statuses are as they will be, unapplied events not yet. */
function unansweredOf(
  connection: Connection,
  changed: readonly Settled[],
  { acts, resolutions }: { acts: SavedActs; resolutions: Resolutions },
): Promise<Map<string, Unanswered>> {
  const wanted = changed.map(({ stored, decision, loaded, states }) => {
    const { id, closed } = decision.conversation;
    const late = lateChanges(decision, loaded, {
      resolvedNow: acts.resolved.filter((row) => row.conversation_id === id).map(keptFrom),
      isResolved: (receipt) => resolutions.has(refusedKey(receipt, id)),
    });
    const sent = sentChanges(decision, loaded, states);
    return {
      id,
      isClosed: closed !== null,
      expected: unansweredAfter(stored, decision, { late, sent }),
      late,
    };
  });
  return loadUnanswered(connection, wanted);
}

async function readLast(connection: Connection, ids: readonly string[]): Promise<Map<string, LastMessage>> {
  const [rows] = await together(connection, [messageStatements.selectLast(connection, ids)]);
  return messageStatements.lastFrom(rows as messageStatements.LastRow[]);
}
