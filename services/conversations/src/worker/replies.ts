import {
  reasonToWait,
  receiptMilliseconds,
  type JobEvent,
  type Outcome,
  type OwnOutcome,
  type Receipt,
  type Reply,
} from "@fio/contracts";
import type { WaiterReply } from "../store/waiters.ts";

/** For one instance of ingest, the outcomes that it waits for. */
export type Replies = ReadonlyMap<string, Reply[]>;

/**
 * The outcomes for those incoming events that someone waits for, and for those who waited before, by who waits. `now` and
 * `takenUpTo` (all that was accepted before has been applied) in milliseconds since 1970.
 */
export function repliesTo(
  events: readonly JobEvent[],
  outcomes: ReadonlyMap<Receipt, Outcome>,
  { waiterReplies, ...grace }: { waiterReplies: readonly WaiterReply[] } & Grace,
): Replies {
  const incoming = events.flatMap(({ receipt, reply: instance }): WaiterReply[] => {
    const reply = instance === undefined ? null : replyTo(receipt, outcomes, grace);
    return instance === undefined || reply === null ? [] : [{ instance, reply }];
  });
  return byInstance([...waiterReplies, ...incoming]);
}

export function byInstance(replies: readonly WaiterReply[]): Replies {
  const groups = Map.groupBy(replies, ({ instance }) => instance);
  return new Map([...groups].map(([instance, group]) => [instance, group.map(({ reply }) => reply)]));
}

type Grace = { graceSeconds: number; now: number; takenUpTo: number };

/** Of a duplicate the outcome of the event that it repeats. */
function replyTo(receipt: Receipt, outcomes: ReadonlyMap<Receipt, Outcome>, grace: Grace): Reply | null {
  const outcome = outcomes.get(receipt);
  if (outcome === undefined) return null;
  if (outcome.kind !== "duplicate") return { receipt, outcome: reported(outcome, receipt, grace) };
  const first = outcomes.get(outcome.of);
  if (first === undefined || first.kind === "duplicate") return null;
  return { receipt, outcome: reported(first, outcome.of, grace), duplicateOf: outcome.of };
}

/** Once its grace has ended, what waits for its conversation is told as a refusal, as whoever asks for it is. */
function reported(
  outcome: OwnOutcome,
  receipt: Receipt,
  { graceSeconds, now, takenUpTo }: Grace,
): Reply["outcome"] {
  if (outcome.kind !== "waiting") return outcome;
  const grace = graceSeconds * 1_000;
  const reportedAt = receiptMilliseconds(receipt) + grace;
  const left = Math.min(grace, reportedAt - now);
  return left > 0 || takenUpTo < reportedAt
    ? { ...outcome, grace_ms: Math.max(0, left), reported_at: reportedAt }
    : { kind: "rejected", reason: reasonToWait(outcome) };
}
