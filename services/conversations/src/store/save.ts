import { conversationIdOf, type Receipt } from "@fio/contracts";
import { refuseTaken, type Decision, type KeptEvent } from "../domain/index.ts";
import { framesOf } from "./frames.ts";
import { deleteKept, upsertKept } from "./kept.ts";
import type { Concerned } from "./load.ts";
import type { LastMessage } from "./rows.ts";
import { together, type Connection } from "./sql.ts";
import { lastAfter, messageChanges, standingAfter, type MessageChanges } from "./summary.ts";
import {
  announcementOf,
  deleteOutbox,
  entriesOf,
  insertOutbox,
  type Announcement,
  type OutboxRow,
} from "./outbox.ts";
import { commitTrial } from "./trials.ts";
import * as write from "./write.ts";

export type Decided = Concerned & { decision: Decision };

/** What else a transaction writes, beside what was decided. */
export type Aside = {
  /** Milliseconds since 1970. */
  now: number;
  /** Rows of the outbox that are announced and can go. */
  announced: readonly string[];
  /** Of an event that is being tried alone: its trial is over exactly when its outcome is in the store. */
  trial: Receipt | null;
};

export type Saved = {
  /** What came of it in the end, for each conversation. */
  decisions: Decision[];
  /** What to announce, and the row of the outbox that holds it; `null` when nothing changed that anyone sees. */
  announcement: Announcement | null;
};

/**
 * Carries decisions out, set-based, in at most five round trips. Inserts come before whatever touches rows of the
 * conversation's own: a transaction that waits, waits here for another's insert, and holds nothing yet that the
 * other could wait for.
 */
export async function save(
  connection: Connection,
  decided: readonly Decided[],
  { now, announced, trial }: Aside,
): Promise<Saved> {
  const taken = await insertMessages(connection, decided);
  const settled = decided.map((one): Settled => {
    const ids = taken.get(one.standing.record.id);
    const decision = ids === undefined ? one.decision : refuseTaken(one.decision, ids);
    return { ...one, decision, messages: messageChanges(decision) };
  });
  const changed = settled.filter(isChanged);

  const last = await lastMessages(connection, changed);
  const after = changed.map(({ standing, decision, messages }) => ({
    messages,
    standing: standingAfter(standing, decision, last.get(standing.record.id) ?? null),
  }));
  const entries = entriesOf(after.flatMap(({ standing, messages }) => framesOf(standing, messages)));
  const unused = settled.filter(({ decision }) => decision.conversation.created === null);
  const [outbox] = await together(connection, [
    insertOutbox(entries, now),
    deleteOutbox(connection, announced),
    commitTrial(trial),
    write.updateConversations(
      connection,
      after.map(({ standing }) => standing),
    ),
    write.deletePlaceholders(
      connection,
      unused.map(({ standing }) => standing.record.id),
    ),
    upsertKept(
      connection,
      settled.flatMap(({ decision }) => decision.keep),
    ),
    deleteKept(
      connection,
      settled.flatMap(({ decision }) => decision.forget),
    ),
  ]);
  return {
    decisions: settled.map(({ decision }) => decision),
    announcement: announcementOf(outbox as OutboxRow[], entries),
  };
}

/** The message ids that another conversation holds, by the conversation that wanted them. */
async function insertMessages(
  connection: Connection,
  decided: readonly Decided[],
): Promise<Map<string, Set<string>>> {
  const wanted = decided.flatMap(({ decision }) => messageChanges(decision).insert);
  const [rows] = await together(connection, [write.insertMessages(connection, wanted)]);
  const nameOf = (conversation: string, id: string) => `${conversation} ${id}`;
  const inserted = new Set((rows as write.Inserted[]).map((row) => nameOf(row.conversation_id, row.id)));
  const taken = wanted
    .map(({ event }) => ({ conversation: conversationIdOf(event), id: event.data.id }))
    .filter(({ conversation, id }) => !inserted.has(nameOf(conversation, id)));
  const byConversation = Map.groupBy(taken, ({ conversation }) => conversation);
  return new Map(
    [...byConversation].map(([conversation, ids]) => [conversation, new Set(ids.map(({ id }) => id))]),
  );
}

type Settled = Decided & { messages: MessageChanges };

/** Whether anything about an existing conversation is other than before: its row, its messages, or what was refused. */
function isChanged({ decision, messages, loaded }: Settled): boolean {
  const { factsChanged, forget, keep, conversation } = decision;
  if (conversation.created === null) return false;
  const before = new Map(loaded.unapplied.map(({ receipt, reason }) => [receipt, reason]));
  const isNew = ({ receipt, reason }: KeptEvent): boolean => before.get(receipt) !== reason;
  const { insert, replace, remove } = messages;
  return [factsChanged, forget.length, insert.length, replace.length, remove.length, keep.some(isNew)].some(
    Boolean,
  );
}

/** Takes messages out or over, and then finds the newest of each conversation, by the index where it must. */
async function lastMessages(
  connection: Connection,
  changed: readonly Settled[],
): Promise<Map<string, LastMessage | null>> {
  await together(connection, [
    write.replaceMessages(
      connection,
      changed.flatMap(({ messages }) => messages.replace),
    ),
    write.deleteMessages(
      connection,
      changed.flatMap(({ messages }) => messages.remove),
    ),
  ]);
  const known = new Map<string, LastMessage | null>();
  const unknown: string[] = [];
  for (const { standing, decision } of changed) {
    const last = lastAfter(standing, decision);
    if (last === "unknown") unknown.push(standing.record.id);
    else known.set(standing.record.id, last);
  }
  for (const [id, last] of await readLast(connection, unknown)) known.set(id, last);
  return known;
}

async function readLast(connection: Connection, ids: readonly string[]): Promise<Map<string, LastMessage>> {
  const [rows] = await together(connection, [write.selectLast(connection, ids)]);
  return write.lastFrom(rows as write.LastRow[]);
}
