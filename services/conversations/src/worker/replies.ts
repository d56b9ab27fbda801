import type { JobEvent, Outcome, OwnOutcome, Receipt, Reply } from "@fio/contracts";
import type { Replies } from "./announcer.ts";

/** The outcomes for those events that someone waits for, grouped by who waits. */
export function repliesTo(
  events: readonly JobEvent[],
  outcomes: ReadonlyMap<Receipt, Outcome>,
  { graceSeconds }: { graceSeconds: number },
): Replies {
  const replies = new Map<string, Reply[]>();
  for (const { receipt, reply: instance } of events) {
    if (instance === undefined) continue;
    const told = replyTo(receipt, outcomes, graceSeconds);
    if (told === null) continue;
    const others = replies.get(instance);
    if (others === undefined) replies.set(instance, [told]);
    else others.push(told);
  }
  return replies;
}

/** Of a duplicate the outcome of the event that it repeats. */
function replyTo(
  receipt: Receipt,
  outcomes: ReadonlyMap<Receipt, Outcome>,
  graceSeconds: number,
): Reply | null {
  const outcome = outcomes.get(receipt);
  if (outcome === undefined) return null;
  if (outcome.kind !== "duplicate") return { receipt, outcome: reported(outcome, graceSeconds) };
  const first = outcomes.get(outcome.of);
  if (first === undefined || first.kind === "duplicate") return null;
  return { receipt, outcome: reported(first, graceSeconds), duplicateOf: outcome.of };
}

/** Without any grace nobody is told to wait: a missing conversation is a refusal at once. */
function reported(outcome: OwnOutcome, graceSeconds: number): OwnOutcome {
  return outcome.kind === "waiting" && graceSeconds === 0
    ? { kind: "rejected", reason: "CONVERSATION_NOT_FOUND" }
    : outcome;
}
