import type { MessageDelivery, MessageState } from "@fio/contracts";
import { ARRIVAL_NOT_KNOWN } from "@fio/contracts/message-state";

/** Where a message of ours is on its way to the customer's phone, as agents are told. */
export type Way = MessageState["status"] | "UNKNOWN" | "WAITING" | "LEFT" | "NOT_SENT";

/**
 * What the phone has told counts before what the receiver has; but while it waits, or was given up, what was told of it as
 * failed is of an attempt before. `null`: nothing is known.
 */
export function wayOf(state: MessageState | undefined, delivery: MessageDelivery | undefined): Way | null {
  const failed = state?.status === "FAILED";
  if (state === undefined || failed) {
    if (delivery?.state === "waiting") return "WAITING";
    if (delivery?.state === "failed") return "NOT_SENT";
  }
  if (state === undefined) return delivery?.state === "delivered" ? "LEFT" : null;
  // Of one that may have arrived nobody says that it did not.
  return failed && state.detail === ARRIVAL_NOT_KNOWN ? "UNKNOWN" : state.status;
}

/** The agent has to see to it. */
export const isFault = (way: Way | null): boolean =>
  way === "FAILED" || way === "UNKNOWN" || way === "NOT_SENT";
