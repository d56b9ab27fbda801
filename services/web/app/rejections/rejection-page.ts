import type { Rejection } from "@fio/contracts";

export const SHOWS = ["pending", "all"] as const;
export type Show = (typeof SHOWS)[number];

/** `next` is the query of the page that follows. */
export type RejectionPage = { rejections: readonly Rejection[]; next: string | null };

/** What is to be resolved, unless an address asks for more. */
export const showOf = (text: string | null): Show =>
  text === null || text === "pending" ? "pending" : "all";
