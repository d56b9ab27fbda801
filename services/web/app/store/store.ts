import type {
  CarriedFrom,
  ContactRow,
  Conversation,
  ConversationRow,
  Timestamp,
  ToldFrame,
} from "@fio/contracts";
import { counted, countText, visibleRows, type Counted, type Horizon, type View } from "./list.ts";
import {
  newest,
  threadBegun,
  threadOf,
  withMessage,
  withDelivery,
  withStatus,
  withoutMessage,
  type Ends,
  type Thread,
} from "./thread.ts";
import { openedAt, trimmed, withNewer, withOlder, withSnapshot } from "./thread-pages.ts";

/** Conversations that stay loaded after one has left them, and messages that stay of each on either side of its place. */
const THREADS_KEPT = 20;
const MESSAGES_KEPT = 500;
const ROWS_KEPT = 5_000;
/** Of those who wait the first ones stay, however long ago they wrote. */
const WAITS_KEPT = 500;
/** One more than is counted. */
const WAITING_WANTED = 100;
const PLACES_KEPT = 200;

const NONE_CARRIED: readonly CarriedFrom[] = [];

export type Place = { message: string; top: number };
export type ListPage = { rows: ConversationRow[]; next: string | null };

/**
 * What this tab knows: rows and threads, from snapshots and live changes in any order. The highest version of each
 * wins, so that taking the same thing twice, or an older one later, changes nothing.
 */
export type Store = ReturnType<typeof createStore>;

const contactKey = ({ channel, id }: ContactRow): string => `${channel}\n${id}`;
/** Whether a conversation is that contact's. */
const isOf =
  (key: string) =>
  ({ contact }: ConversationRow): boolean =>
    contact !== undefined && contactKey(contact) === key;

export function createStore() {
  const rows = new Map<string, ConversationRow>();
  const threads = new Map<string, Thread>();
  /** Of customers the latest that was heard, whatever their conversations. */
  const contacts = new Map<string, ContactRow>();
  /** `of`: how many resets there had been when its first page was read; -1 when only one below is known. */
  const horizons = new Map<View, Horizon & { of: number }>();
  /** How many resets there had been when a row was last heard of: older ones may have left a list since. */
  const heardOf = new Map<string, number>();
  const carried = new Map<string, readonly CarriedFrom[]>();
  const places = new Map<string, Place>();
  const lists = new Map<View, { of: number; rows: ConversationRow[] }>();
  const listeners = new Set<() => void>();
  const seen = new WeakSet<object>();
  /** Where in the stream the snapshot of each open conversation was read. */
  const positions = new Map<string, string>();
  /** Threads from before a reset: shown until a snapshot replaces them. */
  const staleThreads = new Set<string>();
  /** Erased for good: an answer that was on its way brings nothing of them back. */
  const erased = new Set<string>();
  let resets = 0;
  let change = 0;
  let counts: Counted | null = null;

  const touch = (): void => {
    change += 1;
  };
  /** What a row says of its customer may be older than what was heard of them, and the other way round. */
  const withContact = (row: ConversationRow): ConversationRow => {
    if (row.contact === undefined) return row;
    const known = contacts.get(contactKey(row.contact));
    if (known !== undefined && known.version > row.contact.version) return { ...row, contact: known };
    contacts.set(contactKey(row.contact), row.contact);
    return row;
  };
  const keepContact = (contact: ContactRow): void => {
    const key = contactKey(contact);
    const known = contacts.get(key);
    if (known !== undefined && known.version >= contact.version) return;
    contacts.set(key, contact);
    const isTheirs = isOf(key);
    for (const row of rows.values()) if (isTheirs(row)) rows.set(row.id, { ...row, contact });
    for (const thread of threads.values()) {
      if (isTheirs(thread.row)) threads.set(thread.id, { ...thread, row: { ...thread.row, contact } });
    }
    touch();
  };
  const keepRow = (given: ConversationRow): void => {
    if (erased.has(given.id)) return;
    const row = withContact(given);
    const known = rows.get(row.id);
    if (known === undefined || heardOf.get(row.id) !== resets) touch();
    heardOf.set(row.id, resets);
    if (known !== undefined && newest(known, row) === known) return;
    rows.set(row.id, row);
    touch();
    const thread = threads.get(row.id);
    if (thread !== undefined) setThread({ ...thread, row: newest(thread.row, row) });
    if (rows.size > ROWS_KEPT) forgetRows();
  };
  const keepCarried = ({ id, carried_from: from }: Conversation): void => {
    if (from !== undefined) carried.set(id, from);
  };
  const setThread = (given: Thread): void => {
    if (threads.get(given.id) === given || erased.has(given.id)) return;
    const row = withContact(given.row);
    const thread = row === given.row ? given : { ...given, row };
    // Last used last, so that the first is evicted first.
    threads.delete(thread.id);
    threads.set(thread.id, thread);
    touch();
    const oldest = threads.keys().next().value;
    if (threads.size > THREADS_KEPT && oldest !== undefined) threads.delete(oldest);
  };
  const forgetRows = (): void => {
    const first = (filter: View, most: number): ConversationRow[] =>
      visibleRows(rows.values(), filter, { last: null, next: null }).slice(0, most);
    const kept = new Set([...first("all", ROWS_KEPT / 2), ...first("waiting", WAITS_KEPT)]);
    for (const [id, row] of rows) {
      if (kept.has(row)) continue;
      rows.delete(id);
      heardOf.delete(id);
    }
    horizons.clear();
  };
  const listed = (filter: View): readonly ConversationRow[] => {
    const known = lists.get(filter);
    if (known?.of === change) return known.rows;
    const horizon = horizons.get(filter);
    const loaded = [...rows.values()].filter(({ id }) => (heardOf.get(id) ?? 0) >= (horizon?.of ?? 0));
    const next = visibleRows(loaded, filter, horizon ?? { last: null, next: null });
    const same =
      known !== undefined &&
      known.rows.length === next.length &&
      known.rows.every((row, at) => row === next[at]);
    const kept = { of: change, rows: same ? known.rows : next };
    lists.set(filter, kept);
    return kept.rows;
  };

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notify: (): void => {
      for (const listener of listeners) listener();
    },

    /** Takes a page of the list in; silently, since it is called while rendering. `first`: the top of the list. */
    seedList: (filter: View, page: ListPage, { first }: { first: boolean }): void => {
      if (seen.has(page)) return;
      seen.add(page);
      page.rows.forEach(keepRow);
      const last = page.rows.at(-1) ?? null;
      const known = horizons.get(filter);
      const isAnew = known === undefined || (first && known.of !== resets);
      // A first page that comes again does not forget what was loaded below it.
      if (isAnew) horizons.set(filter, { last, next: page.next, of: first ? resets : -1 });
      else if (!first) horizons.set(filter, { ...known, last, next: page.next });
      touch();
    },
    /** How many wait, as the server counts them: shown until those who wait are loaded. */
    seedCount: (count: Counted): void => {
      counts = count;
    },
    /** Takes a loader's page of a thread in: its latest messages, or those at the place that the address names. */
    seedThread: (conversation: Conversation, older: string | null, newer: string | null = null): void => {
      if (seen.has(conversation)) return;
      seen.add(conversation);
      const { messages: _, carried_from: __, ...row } = conversation;
      keepCarried(conversation);
      keepRow(row);
      const known = staleThreads.delete(conversation.id) ? undefined : threads.get(conversation.id);
      if (known === undefined) setThread(threadOf(conversation, older, newer));
      // Where one reads, no answer moves the thread elsewhere: what the address names is opened by the thread itself.
      else if (newer === null) setThread(withSnapshot(known, conversation, older));
    },
    /** Its snapshot has come: from `position` on the live stream goes on. */
    opened: (id: string, position: string | null): void => {
      if (position === null || positions.get(id) === position) return;
      positions.set(id, position);
      touch();
    },
    /** `null` until the snapshot of this opening has come: what is known from before may have gaps. */
    position: (id: string): string | null => positions.get(id) ?? null,
    /** A conversation that was begun in this browser and that the server does not know yet. */
    begin: (id: string, timestamp: Timestamp): void => {
      if (!threads.has(id)) setThread(threadBegun(id, timestamp));
    },
    /**
     * Puts a thread's window at a page: around a message, at a time, or at the latest. False when the page is older than
     * what was heard since and is to be asked for again.
     */
    openAt: (page: Conversation, ends: Ends): boolean => {
      keepCarried(page);
      const known = threads.get(page.id);
      const next = known === undefined ? threadOf(page, ends.older, ends.newer) : openedAt(known, page, ends);
      setThread(next);
      return next !== known;
    },
    /** The page that `query`, the end of a thread's window, asked for; false likewise, or when the window moved. */
    addPage: (side: keyof Ends, query: string, page: Conversation, ends: Ends): boolean => {
      const known = threads.get(page.id);
      if (known === undefined) return false;
      const next =
        side === "older"
          ? withOlder(known, query, page, ends.older)
          : withNewer(known, query, page, ends.newer);
      setThread(next);
      return next !== known;
    },
    /** Keeps so many messages on either side of one, or of the last. */
    trim: (id: string, around: string | null, keep: number): void => {
      const known = threads.get(id);
      if (known !== undefined) setThread(trimmed(known, { around, keep }));
    },
    /** Remembers where a thread is read, for when one comes back: a message and how far below the top it stands. */
    keepPlace: (id: string, place: Place | null): void => {
      places.delete(id);
      if (place !== null) places.set(id, place);
      const oldest = places.keys().next().value;
      if (places.size > PLACES_KEPT && oldest !== undefined) places.delete(oldest);
    },
    place: (id: string): Place | null => places.get(id) ?? null,
    /** Called when a conversation is left: messages that came meanwhile are no longer new, and far ones are dropped. */
    leave: (id: string): void => {
      positions.delete(id);
      const known = threads.get(id);
      if (known === undefined) return;
      const around = places.get(id)?.message ?? null;
      setThread({ ...trimmed(known, { around, keep: MESSAGES_KEPT }), arrived: new Map(), removed: [] });
    },
    /** Changes were missed and are no longer available. */
    reset: (): void => {
      resets += 1;
      for (const id of threads.keys()) staleThreads.add(id);
      touch();
    },

    /** Changes of rows were left out: lists are to be read again, threads have all of theirs. */
    skipped: (): void => {
      resets += 1;
      touch();
    },

    apply: (changes: readonly ToldFrame[]): void => {
      for (const frame of changes) {
        if (frame.event === "conversation") {
          keepRow(frame.conversation);
          continue;
        }
        if (frame.event === "contact") {
          keepContact(frame.contact);
          continue;
        }
        // It is of no conversation.
        if (frame.event === "refusals" || frame.event === "deliveries") continue;
        const thread = threads.get(frame.conversation_id);
        if (thread === undefined) continue;
        // What was left out and who is there are no part of a thread; what is erased is forgotten everywhere at once, see below.
        if (frame.event === "message_status") setThread(withStatus(thread, frame.message_id, frame.state));
        if (frame.event === "message_delivery")
          setThread(withDelivery(thread, frame.message_id, frame.delivery));
        if (frame.event === "message") setThread(withMessage(thread, frame.message, frame.version));
        if (frame.event === "message_removed")
          setThread(withoutMessage(thread, frame.message_id, frame.version));
      }
    },

    /** Everything of a conversation goes; `forGood`: for as long as this tab lives. */
    forget: (id: string, forGood = true): void => {
      if (forGood) erased.add(id);
      const { contact } = rows.get(id) ?? threads.get(id)?.row ?? {};
      for (const known of [rows, threads, heardOf, carried, places, positions]) known.delete(id);
      staleThreads.delete(id);
      const key = contact === undefined ? null : contactKey(contact);
      if (key !== null && ![...rows.values()].some(isOf(key))) contacts.delete(key);
      touch();
    },
    isErased: (id: string): boolean => erased.has(id),

    list: listed,
    /** In how many conversations a customer waits, `99+` when there are more; empty for none, `null` while not known. */
    waiting: (): string | null => {
      const horizon = horizons.get("waiting");
      const known = horizon === undefined ? null : counted(listed("waiting").length);
      const whole = horizon?.next === null || known?.more === true;
      const count = whole ? known : (counts ?? known);
      return count === null ? null : countText(count);
    },
    /** Whether those who wait are to be loaded: not at all yet, not since a reset, or fewer than are counted. */
    wantsWaiting: (): "first" | "next" | null => {
      const horizon = horizons.get("waiting");
      if (horizon?.of !== resets) return "first";
      return horizon.next !== null && listed("waiting").length < WAITING_WANTED ? "next" : null;
    },
    horizon: (filter: View): Horizon | undefined => horizons.get(filter),
    /** Whether the top of a list was read, and every change since was heard. */
    isFresh: (filter: View): boolean => horizons.get(filter)?.of === resets,
    rows: (): Iterable<ConversationRow> => rows.values(),
    row: (id: string): ConversationRow | undefined => rows.get(id),
    carriedFrom: (id: string): readonly CarriedFrom[] => carried.get(id) ?? NONE_CARRIED,
    thread: (id: string): Thread | undefined => threads.get(id),
  };
}
