import type { NewMessage, ProblemCode, Receipt } from "@fio/contracts";

/**
 * A message that this browser sends, from the moment it is written until it is seen in the conversation.
 * `queued`: it waits for those before it, or for a connection. `unsent`: not known to be accepted, tried again by
 * itself. `accepted`: on the queue's disk. `refused`: accepted, then refused by the law. `invalid`: never accepted.
 */
export type EntryState = "queued" | "sending" | "unsent" | "accepted" | "applied" | "refused" | "invalid";

export type Entry = {
  id: string;
  conversation: string;
  /** Posted as it is in every try: the same id and text cannot be applied twice. */
  event: NewMessage;
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

export const isOver = ({ state }: Pick<Entry, "state">): boolean =>
  state === "applied" || state === "refused" || state === "invalid";

/** Not in the conversation, and the agent should know. */
export const isFault = ({ state }: Pick<Entry, "state">): boolean =>
  state === "unsent" || state === "refused" || state === "invalid";

/** Seconds to the next try: soon, then less and less often, at most half a minute. */
export const backoffMs = (tries: number): number => Math.min(30_000, 2_000 * 2 ** Math.max(0, tries - 1));
