import type { NewMessage, ProblemCode, Receipt, AgentEvent } from "@fio/contracts";

/**
 * An event that this browser sends, from the moment it is written until it is seen in the conversation.
 * `queued`: it waits for those before it, or for a connection. `unsent`: not known to be accepted, tried again by
 * itself. `accepted`: on the queue's disk. `refused`: accepted, then refused by the law. `invalid`: never accepted.
 */
export type EntryState = "queued" | "sending" | "unsent" | "accepted" | "applied" | "refused" | "invalid";

export type Posting<Event extends AgentEvent = AgentEvent> = {
  /** See {@link postingId}. */
  id: string;
  conversation: string;
  /** Posted as it is in every try: the same id and text cannot be applied twice. */
  event: Event;
  state: EntryState;
  receipt: Receipt | null;
  code: ProblemCode | null;
  tries: number;
  /** When it is tried again, in milliseconds; `null` when it is not. */
  nextTryAt: number | null;
  /** The tab that sends it, and until when it counts as alive. */
  owner: string;
  leaseUntil: number;
};

/** A message on its way. */
export type Entry = Posting<NewMessage>;

export const isMessage = (posting: Posting): posting is Entry => posting.event.type === "NEW_MESSAGE";

/**
 * A message goes by its id; a creation and a close have that of their conversation, and would be taken for each other. One may be
 * assigned again while that is on its way.
 */
export const postingId = ({ type, data, timestamp }: AgentEvent): string =>
  type === "NEW_MESSAGE"
    ? data.id
    : `${type} ${data.id}${type === "ASSIGN_CONVERSATION" ? ` ${timestamp}` : ""}`;

export const isOver = ({ state }: Pick<Posting, "state">): boolean =>
  state === "applied" || state === "refused" || state === "invalid";

/** Nobody has to hear more of it. A message stays until it is seen in its conversation, what failed until it is read. */
export const isDone = ({ event, state, code }: Posting): boolean => {
  switch (event.type) {
    case "NEW_MESSAGE":
      return false;
    // Refused, it exists already.
    case "NEW_CONVERSATION":
      return state === "applied" || state === "refused";
    case "CLOSE_CONVERSATION":
      return state === "applied" || code === "CONVERSATION_ALREADY_CLOSED";
    case "ASSIGN_CONVERSATION":
      return state === "applied";
  }
};

/** Not in the conversation, and the agent should know. */
export const isFault = ({ state }: Pick<Posting, "state">): boolean =>
  state === "unsent" || state === "refused" || state === "invalid";

/** Seconds to the next try: soon, then less and less often, at most half a minute. */
export const backoffMs = (tries: number): number => Math.min(30_000, 2_000 * 2 ** Math.max(0, tries - 1));
