import type {
  Conversation,
  ConversationRow,
  Message,
  MessageDelivery,
  MessageState,
  Receipt,
  Rejection,
  Timestamp,
} from "@fio/contracts";
import { higherState } from "@fio/contracts/message-state";
import { comparePlaces } from "@fio/contracts/place";

/**
 * A window on one conversation: a run of its messages without a gap, in (place, receipt) order. It is open at an end
 * beyond which there are more that are not loaded.
 */
export type Thread = {
  id: string;
  row: ConversationRow;
  messages: readonly Message[];
  /** The query of the page before the first message; `null` when that is the first of all. */
  older: string | null;
  /** The query of the page after the last message; `null` when that is the newest, and live ones follow on it. */
  newer: string | null;
  /** Live messages whose place lies beyond an open end: they are shown once the pages up to them are loaded. */
  outside: ReadonlyMap<string, Held>;
  /** The highest version of what was cut off or had no room in `outside`: an older page may lack it. */
  lost: number;
  /** Messages removed while the thread was on screen. */
  removed: readonly Removed[];
  /** When each message that came live was first seen here, by id: those are the ones that can be late or new. */
  arrived: ReadonlyMap<string, Arrival>;
  /** The conversation's version at each message's last frame, removed ones included. */
  versions: ReadonlyMap<string, number>;
  /** What was heard live of messages on their way to the phone, the highest of each: whatever comes in whatever order. */
  states: ReadonlyMap<string, MessageState>;
  /** What was heard live of how messages stand with the receiver, the latest of each. */
  deliveries: ReadonlyMap<string, MessageDelivery>;
  /** The version of the last snapshot: what it does not hold was not there then. */
  snapshot: number;
};
export type Held = { message: Message; version: number };
/** `late`: it was written before the newest message that was shown when it came. */
export type Arrival = { receipt: Receipt; late: boolean };
export type Removed = { id: string; receipt: Receipt; timestamp: string };
/** The queries of the pages before and after; `null` where there are no more messages. */
export type Ends = { older: string | null; newer: string | null };

const OUTSIDE_KEPT = 200;

/** The query of the messages around this one, at an end that was cut off. */
export const aroundQuery = (id: string): string => `limit=200&around=${id}`;

/** A conversation as the API gives it: its latest messages, or a page of others. */
export function threadOf(
  { messages, ...row }: Conversation,
  older: string | null,
  newer: string | null = null,
): Thread {
  return {
    id: row.id,
    row,
    messages: [...messages],
    older,
    newer,
    outside: new Map(),
    lost: 0,
    removed: [],
    arrived: new Map(),
    states: new Map(),
    deliveries: new Map(),
    versions: new Map(messages.map((message) => [message.id, row.version])),
    snapshot: row.version,
  };
}

/** A conversation before the server knows it: whatever comes from there is newer. */
export const threadBegun = (id: string, timestamp: Timestamp): Thread =>
  threadOf(
    {
      id,
      state: "OPEN",
      created_at: timestamp,
      closed_at: null,
      version: 0,
      message_count: 0,
      activity_at: timestamp,
      last_message_at: null,
      last_message_preview: null,
      last_message_direction: null,
      waiting_since: null,
      last_received_receipt: null,
      messages: [],
    },
    null,
    null,
  );

/** Not known to the server, as far as is known here. */
export const isBegun = (thread: Thread | undefined): boolean =>
  thread?.snapshot === 0 && thread.row.version === 0;

/** A live message, at its place; the thread itself when there is nothing to change. */
export function withMessage(thread: Thread, message: Message, version: number): Thread {
  const known = thread.versions.get(message.id);
  if (version <= (known ?? thread.snapshot)) return thread;
  const versions = new Map(thread.versions).set(message.id, version);
  const others = thread.messages.filter(({ id }) => id !== message.id);
  // A frame brings none; what the page told stays.
  const { state, delivery } = thread.messages.find(({ id }) => id === message.id) ?? {};
  if (state !== undefined) thread = withStatus(thread, message.id, state);
  if (delivery !== undefined) thread = withDelivery(thread, message.id, delivery);
  // One that is shown stays where it is.
  const shown = others.length < thread.messages.length;
  const [first, last] = [others[0], others.at(-1)];
  const above = !shown && thread.older !== null && (first === undefined || comparePlaces(message, first) < 0);
  const below = !shown && thread.newer !== null && (last === undefined || comparePlaces(message, last) > 0);
  const arrived = new Map(thread.arrived);
  const newestShown = thread.messages.at(-1);
  if (known === undefined && !above) {
    const late = newestShown !== undefined && comparePlaces(message, newestShown) < 0;
    arrived.set(message.id, { receipt: message.receipt, late });
  }
  // Put at an open end it would hide those in between.
  if (above || below)
    return heldOutside({ ...thread, messages: others, arrived, versions }, message, version);
  return {
    ...thread,
    messages: inserted(others, message),
    removed: thread.removed.filter(({ id }) => id !== message.id),
    arrived,
    versions,
  };
}

function heldOutside(thread: Thread, message: Message, version: number): Thread {
  const outside = new Map(thread.outside).set(message.id, { message, version });
  if (outside.size <= OUTSIDE_KEPT) return { ...thread, outside };
  const [oldest] = [...outside.values()].sort((a, b) => a.version - b.version);
  if (oldest === undefined) return { ...thread, outside };
  outside.delete(oldest.message.id);
  const versions = new Map(thread.versions);
  versions.delete(oldest.message.id);
  return { ...thread, outside, versions, lost: Math.max(thread.lost, oldest.version) };
}

/** What is heard of a message on its way to the phone; it may not be here yet. */
export function withStatus(thread: Thread, id: string, state: MessageState): Thread {
  const known = thread.states.get(id);
  const next = higherState(known, state);
  return next === known ? thread : { ...thread, states: new Map(thread.states).set(id, next) };
}

/** What is known of it, from its page and from what was heard since. */
export const stateOf = ({ states }: Thread, { id, state }: Message): MessageState | undefined => {
  const heard = states.get(id);
  return heard === undefined ? state : higherState(state, heard);
};

/** How it stands with the receiver; it may not be here yet. */
export function withDelivery(thread: Thread, id: string, delivery: MessageDelivery): Thread {
  const known = thread.deliveries.get(id);
  const isNew = known === undefined || delivery.version > known.version;
  return isNew ? { ...thread, deliveries: new Map(thread.deliveries).set(id, delivery) } : thread;
}

/** What is known of that, from where it was read and from what was heard since. */
export function deliveryOf(
  { deliveries }: Thread,
  { id, delivery }: { id: string; delivery?: MessageDelivery | undefined },
): MessageDelivery | undefined {
  const heard = deliveries.get(id);
  return heard === undefined || (delivery !== undefined && delivery.version >= heard.version)
    ? delivery
    : heard;
}

/** Whether the receiver had a message before it was refused. */
export const hasLeft = (thread: Thread, { event, delivery }: Rejection): boolean =>
  deliveryOf(thread, { id: event.data["id"] ?? "", delivery })?.state === "delivered";

/** Removes a message: a close with a lower receipt came after it. */
export function withoutMessage(thread: Thread, id: string, version: number): Thread {
  if (version <= (thread.versions.get(id) ?? thread.snapshot)) return thread;
  const versions = new Map(thread.versions).set(id, version);
  const gone = thread.messages.find((message) => message.id === id);
  const arrived = new Map(thread.arrived);
  arrived.delete(id);
  if (gone === undefined) {
    const outside = new Map(thread.outside);
    outside.delete(id);
    return { ...thread, outside, arrived, versions };
  }
  const messages = thread.messages.filter((message) => message !== gone);
  // A page cannot be asked for around a message that is no longer there.
  const end = (query: string | null, now: Message | undefined): string | null =>
    query === aroundQuery(id) && now !== undefined ? aroundQuery(now.id) : query;
  return {
    ...thread,
    messages,
    older: end(thread.older, messages[0]),
    newer: end(thread.newer, messages.at(-1)),
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
