import type { Conversation, Message } from "@fio/contracts";
import { comparePlaces } from "@fio/contracts/place";
import { aroundQuery, newest, threadOf, type Ends, type Thread } from "./thread.ts";

/*
 * How pages come into a thread's window and leave it. A page tells all about its span as of its version; what is known
 * at a higher version stays as it is.
 */

/** Whether a page would hold a message of that place, if there were one. */
type Covers = (message: Message) => boolean;

const isFrom = (message: Message, first: Message | null): boolean =>
  first === null || comparePlaces(message, first) >= 0;
const isUpTo = (message: Message, last: Message | null): boolean =>
  last === null || comparePlaces(message, last) <= 0;

function merged(thread: Thread, page: Conversation, covers: Covers): Thread {
  const versions = new Map(thread.versions);
  const newerThanPage = (id: string): boolean => (versions.get(id) ?? -1) > page.version;
  const inPage = new Set(page.messages.map(({ id }) => id));
  const byId = new Map(
    thread.messages
      .filter((message) => !covers(message) || inPage.has(message.id) || newerThanPage(message.id))
      .map((message) => [message.id, message]),
  );
  const outside = new Map(thread.outside);
  for (const [id, { message }] of thread.outside) {
    if (!covers(message)) continue;
    // Where the page begins below the window's end it says nothing of what lies between: a removal says so itself.
    outside.delete(id);
    byId.set(id, message);
  }
  for (const message of page.messages) {
    // It may have been removed since.
    if (newerThanPage(message.id)) continue;
    byId.set(message.id, message);
    versions.set(message.id, page.version);
  }
  return {
    ...thread,
    row: newest(thread.row, rowOf(page)),
    messages: [...byId.values()].sort(comparePlaces),
    outside,
    versions,
  };
}

function rowOf({ messages: _, ...row }: Conversation): Thread["row"] {
  return row;
}

/** Merges a snapshot of the latest messages. A window that lies apart from it, since one reads further up, stays. */
export function withSnapshot(thread: Thread, page: Conversation, older: string | null): Thread {
  // It may hold messages that were removed since, and none that are unknown.
  if (page.version < Math.max(thread.snapshot, thread.lost)) return thread;
  const [first, last] = [page.messages[0], thread.messages.at(-1)];
  const apart = older !== null && first !== undefined && last !== undefined && comparePlaces(last, first) < 0;
  if (apart && thread.newer !== null) return { ...thread, row: newest(thread.row, rowOf(page)) };
  // Messages may be missing between what was shown and what the snapshot begins with: only the snapshot is whole.
  if (apart) return replaced(thread, page, { older, newer: null });
  const from = older === null ? null : (first ?? null);
  const known = thread.messages[0];
  const next = merged(thread, page, (message) => isFrom(message, from));
  return {
    ...next,
    // A shorter snapshot must not forget the pages that were loaded above it.
    older: known !== undefined && from !== null && comparePlaces(known, from) <= 0 ? thread.older : older,
    newer: null,
    snapshot: page.version,
  };
}

/** Puts the window at a page: widened by it where they meet, moved there otherwise; nothing when it is too old. */
export function openedAt(thread: Thread, page: Conversation, ends: Ends): Thread {
  if (page.version < thread.lost) return thread;
  const [first, last] = [page.messages[0], page.messages.at(-1)];
  const [top, bottom] = [thread.messages[0], thread.messages.at(-1)];
  const meets =
    first !== undefined &&
    last !== undefined &&
    top !== undefined &&
    bottom !== undefined &&
    comparePlaces(first, bottom) <= 0 &&
    comparePlaces(last, top) >= 0;
  if (!meets) return replaced(thread, page, ends);
  const next = merged(thread, page, spanOf(page, ends));
  return {
    ...next,
    older: endOf(comparePlaces(top, first), ends.older, thread.older),
    newer: endOf(comparePlaces(last, bottom), ends.newer, thread.newer),
  };
}

/** The end that reaches further; where both end at one message, there is no more if either knows that. */
function endOf(further: number, page: string | null, thread: string | null): string | null {
  if (further === 0) return page === null ? null : thread;
  return further > 0 ? page : thread;
}

const spanOf = ({ messages }: Conversation, { older, newer }: Ends): Covers => {
  const first = older === null ? null : (messages[0] ?? null);
  const last = newer === null ? null : (messages.at(-1) ?? null);
  return (message) => isFrom(message, first) && isUpTo(message, last);
};

/** Only the page; of what is known at a higher version, what falls into its span, and what does not is outside. */
function replaced(thread: Thread, page: Conversation, ends: Ends): Thread {
  const fresh = threadOf(page, ends.older, ends.newer);
  const outside = new Map(thread.outside);
  for (const message of thread.messages) {
    const version = thread.versions.get(message.id) ?? 0;
    if (version > page.version) outside.set(message.id, { message, version });
  }
  const versions = new Map([...thread.versions].filter(([, version]) => version > page.version));
  const known = { ...fresh, outside, versions, messages: [] };
  return {
    ...merged(known, page, spanOf(page, ends)),
    row: newest(thread.row, fresh.row),
    lost: thread.lost,
    removed: thread.removed,
    arrived: thread.arrived,
    states: thread.states,
  };
}

/** Puts the page above that `query` asked for; nothing when the window has moved since, or the page is too old. */
export function withOlder(thread: Thread, query: string, page: Conversation, older: string | null): Thread {
  if (thread.older !== query || page.version < thread.lost) return thread;
  const from = older === null ? null : (page.messages[0] ?? null);
  const [edge] = thread.messages;
  const above = (message: Message): boolean =>
    edge === undefined
      ? thread.newer === null || isUpTo(message, page.messages.at(-1) ?? null)
      : comparePlaces(message, edge) < 0;
  return { ...merged(thread, page, (message) => above(message) && isFrom(message, from)), older };
}

/** Puts the page below that `query` asked for, likewise. */
export function withNewer(thread: Thread, query: string, page: Conversation, newer: string | null): Thread {
  if (thread.newer !== query || page.version < thread.lost) return thread;
  const to = newer === null ? null : (page.messages.at(-1) ?? null);
  const edge = thread.messages.at(-1);
  const below = (message: Message): boolean =>
    edge === undefined
      ? thread.older === null || isFrom(message, page.messages[0] ?? null)
      : comparePlaces(message, edge) > 0;
  return { ...merged(thread, page, (message) => below(message) && isUpTo(message, to)), newer };
}

/** Keeps so many messages on either side of this one, or of the last; what is cut off can be loaded again. */
export function trimmed(thread: Thread, { around, keep }: { around: string | null; keep: number }): Thread {
  const found = thread.messages.findIndex(({ id }) => id === around);
  const at = found === -1 ? thread.messages.length - 1 : found;
  const [from, to] = [Math.max(0, at - keep), Math.min(thread.messages.length, at + keep + 1)];
  const messages = thread.messages.slice(from, to);
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined || messages.length === thread.messages.length) return thread;
  const cut = new Set([...thread.messages.slice(0, from), ...thread.messages.slice(to)].map(({ id }) => id));
  const cutVersions = [...cut].map((id) => thread.versions.get(id) ?? 0);
  return {
    ...thread,
    messages,
    older: from === 0 ? thread.older : aroundQuery(first.id),
    newer: to === thread.messages.length ? thread.newer : aroundQuery(last.id),
    lost: cutVersions.reduce((a, b) => Math.max(a, b), thread.lost),
    arrived: new Map([...thread.arrived].filter(([id]) => !cut.has(id))),
    states: new Map([...thread.states].filter(([id]) => !cut.has(id))),
    deliveries: new Map([...thread.deliveries].filter(([id]) => !cut.has(id))),
    versions: new Map([...thread.versions].filter(([id]) => !cut.has(id))),
  };
}
