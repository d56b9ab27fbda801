import type { Timestamp } from "./instants.ts";

/** What is known of a message on its way to the customer. Without zod, so that browsers can use this file. */
export type MessageState = {
  status: "SENT" | "FAILED" | "DELIVERED" | "READ";
  timestamp: Timestamp;
  detail?: string | undefined;
};

/**
 * The detail of a FAILED by which nobody knows whether the message arrived: it was handed over, and neither an answer nor a
 * status came. An agent decides what to do.
 */
export const ARRIVAL_NOT_KNOWN = "arrival-not-known";

const LEVEL = { SENT: 1, FAILED: 1, DELIVERED: 2, READ: 3 } as const;

/**
 * Text by whose order the highest of a message's statuses is its state: SENT < FAILED < DELIVERED < READ, but that of SENT and
 * FAILED the later one counts, and FAILED of two at one instant. An order over all of them, so that it does not matter in
 * which order they come, or how often.
 */
export const rankOf = ({ status, timestamp }: Pick<MessageState, "status" | "timestamp">): string =>
  `${LEVEL[status]} ${timestamp} ${status === "FAILED" ? 1 : 0}`;

/** The higher of two states; of two that are one the first. */
export const higherState = <State extends MessageState>(a: State | undefined, b: State): State =>
  a === undefined || rankOf(b) > rankOf(a) ? b : a;
