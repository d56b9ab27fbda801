import type { Message } from "@fio/contracts";
import type { Thread } from "../../store/thread.ts";

type Known = Pick<Thread, "messages" | "outside">;

const allOf = ({ messages, outside }: Known): Message[] => [
  ...messages,
  ...[...outside.values()].map(({ message }) => message),
];

/** The highest receipt among what is known of a conversation; below all where it has no message. */
export const newestReceipt = (thread: Known): string =>
  allOf(thread).reduce((newest, { receipt }) => (receipt > newest ? receipt : newest), "0");

/**
 * The latest answer by somebody other than `own` that was accepted after `since`. Not by its place: what a colleague wrote
 * while they were offline stands above, and is new all the same.
 */
export const answeredSince = (
  thread: Known,
  { since, own }: { since: string; own: string },
): Message | undefined =>
  allOf(thread)
    .filter(({ direction, receipt, author }) => direction === "SENT" && receipt > since && author?.id !== own)
    .sort((a, b) => (a.receipt < b.receipt ? -1 : 1))
    .at(-1);
