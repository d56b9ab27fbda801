import type { Rejection, RejectionReason } from "@fio/contracts";

export const SHOWS = ["pending", "final", "all"] as const;
export type Show = (typeof SHOWS)[number];

/** `next` is the query of the page that follows. */
export type RejectionPage = { rejections: readonly Rejection[]; next: string | null };

export const showOf = (text: string | null): Show => (text === "final" || text === "all" ? text : "pending");

/** Pending: internal errors, which can be replayed, and events that still wait. The rest is final. */
const KIND: Record<RejectionReason, Exclude<Show, "all">> = {
  INTERNAL_ERROR: "pending",
  CONVERSATION_NOT_FOUND: "pending",
  CONVERSATION_ALREADY_EXISTS: "final",
  CONVERSATION_ALREADY_CLOSED: "final",
  CONVERSATION_CLOSED: "final",
  MESSAGE_ID_CONFLICT: "final",
};

/** What the API is asked for; none for all. */
export const reasonsOf = (show: Show): RejectionReason[] =>
  show === "all" ? [] : (Object.keys(KIND) as RejectionReason[]).filter((reason) => KIND[reason] === show);
