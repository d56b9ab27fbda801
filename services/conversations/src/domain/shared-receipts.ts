import type { AcceptedAct, AcceptedEvent, AcceptedUpdate, Receipt, RejectionReason } from "@fio/contracts";
import { contentOf, subjectOf } from "./settle.ts";

/** What the store holds under a receipt, applied or (with its reason) not. */
export type HeldEvent = (AcceptedEvent | AcceptedAct | AcceptedUpdate) & { reason?: RejectionReason };

/**
 * Two different events under one receipt are never taken for one: whoever has it already keeps it, in the store or, if
 * it holds neither, the first that comes. The others are displaced. Equal ones share it, being the same event again.
 */
export function separateShared<Incoming extends AcceptedEvent | AcceptedAct | AcceptedUpdate>(
  incoming: readonly Incoming[],
  held: readonly HeldEvent[],
): { own: Incoming[]; displaced: Incoming[] } {
  const holders = Map.groupBy<Receipt, HeldEvent>(held, ({ receipt }) => receipt);
  const separated = { own: [] as Incoming[], displaced: [] as Incoming[] };
  for (const accepted of incoming) {
    const others = holders.get(accepted.receipt);
    if (others === undefined) holders.set(accepted.receipt, [accepted]);
    const isOwn = others === undefined || others.some((one) => isSame(one, accepted));
    separated[isOwn ? "own" : "displaced"].push(accepted);
  }
  return separated;
}

/** One of INTERNAL_ERROR may be malformed, and be read otherwise when it is tried again: its subject is what it is. */
function isSame(held: HeldEvent, { event }: HeldEvent): boolean {
  return held.reason === "INTERNAL_ERROR"
    ? subjectOf(held.event) === subjectOf(event)
    : contentOf(held.event) === contentOf(event);
}
