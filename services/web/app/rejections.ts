import type { RejectionReason } from "@fio/contracts";

export const SHOWS = ["pending", "final", "all"] as const;
export type Show = (typeof SHOWS)[number];

export const showOf = (text: string | null): Show => (text === "final" || text === "all" ? text : "pending");

/** Pending: our fault, which a replay helps, and what enters by itself. The rest is final. */
export function showsReason(show: Show, reason: RejectionReason): boolean {
  const pending = reason === "INTERNAL_ERROR" || reason === "CONVERSATION_NOT_FOUND";
  return show === "all" || (show === "pending") === pending;
}
