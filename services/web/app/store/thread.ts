import type { Conversation, ConversationRow, Message, Receipt } from "@fio/contracts";
import { comparePlaces } from "@fio/contracts/place";

/** Messages of one conversation as far as they are loaded, always in (place, receipt) order. */
export type Thread = {
  id: string;
  row: ConversationRow;
  messages: readonly Message[];
  /** The query of the page before the first message; `null` when that is the first of all. */
  older: string | null;
  /** Messages removed while the thread was on screen. */
  removed: readonly Removed[];
  /** When each message that came live was first seen here, by id: those are the ones that can be late or new. */
  arrived: ReadonlyMap<string, Arrival>;
  /** The conversation's version at each message's last frame, removed ones included. */
  versions: ReadonlyMap<string, number>;
  /** The version of the last snapshot: what it does not hold was not there then. */
  snapshot: number;
};
/** `late`: it was written before the newest message that was shown when it came. */
export type Arrival = { receipt: Receipt; late: boolean };
export type Removed = { id: string; receipt: Receipt; timestamp: string };

/** A conversation as the API gives it: its latest messages. */
export function threadOf({ messages, ...row }: Conversation, older: string | null): Thread {
  return {
    id: row.id,
    row,
    messages: [...messages],
    older,
    removed: [],
    arrived: new Map(),
    versions: new Map(messages.map((message) => [message.id, row.version])),
    snapshot: row.version,
  };
}

/** Merges another snapshot: what is known at a higher version stays as it is. */
export function withSnapshot(thread: Thread, conversation: Conversation, older: string | null): Thread {
  const fresh = threadOf(conversation, older);
  // It may hold messages that were removed since, and none that are unknown.
  if (fresh.snapshot < thread.snapshot) return thread;
  const first = fresh.messages[0];
  const last = thread.messages.at(-1);
  const apart = first !== undefined && last !== undefined && comparePlaces(last, first) < 0 && older !== null;
  // Messages may be missing between what was shown and what the snapshot begins with: only the snapshot is whole.
  if (apart) return { ...fresh, row: newest(thread.row, fresh.row) };

  const versions = new Map(thread.versions);
  const inSnapshot = new Set(fresh.messages.map(({ id }) => id));
  const covered = (message: Message): boolean =>
    older === null || (first !== undefined && comparePlaces(message, first) >= 0);
  const kept = thread.messages.filter(
    (message) =>
      !covered(message) || inSnapshot.has(message.id) || (versions.get(message.id) ?? 0) > fresh.snapshot,
  );
  const byId = new Map(kept.map((message) => [message.id, message]));
  for (const message of fresh.messages) {
    if ((versions.get(message.id) ?? -1) > fresh.snapshot) continue;
    byId.set(message.id, message);
    versions.set(message.id, fresh.snapshot);
  }
  return {
    ...thread,
    row: newest(thread.row, fresh.row),
    messages: [...byId.values()].sort(comparePlaces),
    // A shorter snapshot must not forget the pages that were loaded above it.
    older:
      thread.messages[0] !== undefined && first !== undefined && comparePlaces(thread.messages[0], first) <= 0
        ? thread.older
        : older,
    versions,
    snapshot: fresh.snapshot,
  };
}

/** Drops what is above a snapshot of the latest messages. */
export function shortened(thread: Thread, conversation: Conversation, older: string | null): Thread {
  const merged = withSnapshot(thread, conversation, older);
  const first = conversation.messages[0];
  if (first === undefined) return merged;
  const messages = merged.messages.filter((message) => comparePlaces(message, first) >= 0);
  const ids = new Set(messages.map(({ id }) => id));
  return {
    ...merged,
    messages,
    older,
    arrived: new Map([...merged.arrived].filter(([id]) => ids.has(id))),
    versions: new Map([...merged.versions].filter(([id]) => ids.has(id))),
  };
}

/** Puts an older page above. */
export function withOlder(thread: Thread, page: Conversation, older: string | null): Thread {
  const known = new Set(thread.messages.map(({ id }) => id));
  const versions = new Map(thread.versions);
  const added = page.messages.filter(({ id }) => !known.has(id) && (versions.get(id) ?? -1) <= page.version);
  for (const { id } of added) versions.set(id, page.version);
  return { ...thread, messages: [...added, ...thread.messages].sort(comparePlaces), older, versions };
}

/** A live message, at its place; the thread itself when there is nothing to change. */
export function withMessage(thread: Thread, message: Message, version: number): Thread {
  const known = thread.versions.get(message.id);
  if (version <= (known ?? thread.snapshot)) return thread;
  const versions = new Map(thread.versions).set(message.id, version);
  const others = thread.messages.filter(({ id }) => id !== message.id);
  const first = others[0];
  // Above what is loaded it waits to be loaded with its page: put here it would hide those in between.
  if (thread.older !== null && first !== undefined && comparePlaces(message, first) < 0) {
    return { ...thread, messages: others, versions };
  }
  const newestShown = thread.messages.at(-1);
  const arrived = new Map(thread.arrived);
  if (known === undefined) {
    arrived.set(message.id, {
      receipt: message.receipt,
      late: newestShown !== undefined && comparePlaces(message, newestShown) < 0,
    });
  }
  return {
    ...thread,
    messages: inserted(others, message),
    removed: thread.removed.filter(({ id }) => id !== message.id),
    arrived,
    versions,
  };
}

/** Removes a message: a close with a lower receipt came after it. */
export function withoutMessage(thread: Thread, id: string, version: number): Thread {
  if (version <= (thread.versions.get(id) ?? thread.snapshot)) return thread;
  const versions = new Map(thread.versions).set(id, version);
  const gone = thread.messages.find((message) => message.id === id);
  if (gone === undefined) return { ...thread, versions };
  const arrived = new Map(thread.arrived);
  arrived.delete(id);
  return {
    ...thread,
    messages: thread.messages.filter((message) => message !== gone),
    removed: [...thread.removed, { id, receipt: gone.receipt, timestamp: gone.timestamp }],
    arrived,
    versions,
  };
}

export const newest = <Row extends { version: number }>(a: Row, b: Row): Row =>
  b.version >= a.version ? b : a;

/** Searched from the end, where nearly all of them belong. */
function inserted(messages: readonly Message[], message: Message): Message[] {
  let at = messages.length;
  while (at > 0 && comparePlaces(messages[at - 1] as Message, message) > 0) at -= 1;
  return [...messages.slice(0, at), message, ...messages.slice(at)];
}
