import { nameOf, type Receipt, type RejectionReason } from "@fio/contracts";
import { contentKey, type AcceptedSent, type Journal } from "../load/journal.ts";
import type { Snapshot } from "../rig/store/snapshot.ts";
import { wrong, type Violation } from "./violation.ts";

/** What the sender knows of what it posted. */
export type Known = Pick<Journal, "acknowledged" | "unsure" | "poisoned">;

/** An event in the store. */
export type Held = AcceptedSent & { state: "applied" | RejectionReason };

/** By receipt and content: where two events were given one receipt, neither hides the other. */
export type ByEvent<Accepted extends AcceptedSent> = Map<string, Accepted>;

export const eventKey = ({ receipt, event }: AcceptedSent): string => `${receipt} ${contentKey(event)}`;

export function heldEvents({ applied, updates, kept }: Snapshot): {
  held: ByEvent<Held>;
  twice: Violation[];
} {
  const held: ByEvent<Held> = new Map();
  const states = new Map<Receipt, Held["state"]>();
  const twice: Violation[] = [];
  const add = (one: Held): void => {
    const before = states.get(one.receipt);
    if (before !== undefined) {
      const line = `${one.receipt} is in the store twice: ${before} and ${one.state}`;
      twice.push({ kind: "doubled", line, receipt: one.receipt });
    }
    states.set(one.receipt, one.state);
    held.set(eventKey(one), one);
  };
  for (const accepted of [...applied, ...updates]) add({ ...accepted, state: "applied" });
  for (const { receipt, event, reason } of kept) add({ receipt, event, state: reason });
  return { held, twice };
}

export function acknowledgedEvents({ acknowledged }: Known): ByEvent<AcceptedSent> {
  return new Map(
    acknowledged.map(({ receipt, event }) => [eventKey({ receipt, event }), { receipt, event }]),
  );
}

/** A receipt that was given to two: to two answers, or to one and to another event that is in the store. */
export function repeatedReceipts(known: Known, held: ByEvent<Held>): Violation[] {
  const given = new Map<Receipt, Set<string>>();
  const violations: Violation[] = [];
  const repeated = (line: string, receipt: Receipt): void => {
    violations.push({ kind: "repeated", line: `${receipt} ${line}`, receipt });
  };
  for (const { receipt, event } of known.acknowledged) {
    const contents = given.get(receipt);
    if (contents !== undefined) repeated("was given twice", receipt);
    given.set(receipt, (contents ?? new Set()).add(contentKey(event)));
  }
  for (const { receipt, event } of held.values()) {
    if (given.get(receipt)?.has(contentKey(event)) === false) {
      repeated("holds another event than was accepted under it", receipt);
    }
  }
  return violations;
}

/** Events in the store that were neither answered nor posted often enough without an answer. */
export function inventedEvents(known: Known, held: ByEvent<Held>): Violation[] {
  const acknowledged = acknowledgedEvents(known);
  const left = new Map(known.unsure);
  const violations: Violation[] = [];
  for (const [key, { receipt, event }] of held) {
    if (acknowledged.has(key)) continue;
    const content = contentKey(event);
    const unsure = left.get(content) ?? 0;
    left.set(content, unsure - 1);
    if (unsure > 0) continue;
    violations.push(wrong(`${receipt} ${event.type} ${nameOf(event)} was never posted so often`, receipt));
  }
  return violations;
}
