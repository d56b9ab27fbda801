import type { Receipt } from "@fio/contracts";

/** An event that may still need its outcome; `units` is its size, in whatever unit the limit has. */
export type Candidate = { receipt: Receipt; units: number };

export type StepLimit = { events: number; units: number };

/** What to settle next, as incoming events, and where steps are once that is done; `null`: at their end. */
export type Step = { receipts: Receipt[]; unsettledAbove: Receipt | null };

/**
 * When a creation comes for which too many events wait, or a close below too many messages, one transaction writes the
 * creation and the lowest close. The others follow in steps, by receipt: each is given to the law once more as if it came
 * now. Between two steps the store is what it would be if the others had not come yet, but for this: an event that does
 * come meets those of its own subject, and is decided rightly. That is why anyone may go on at any time, from the
 * conversation's `unsettledAbove`.
 *
 * `waiting` and `above` (messages above the close) hold the next ones of each kind, at most `limit.events`.
 */
export function chooseStep(
  { waiting, above }: { waiting: readonly Candidate[]; above: readonly Candidate[] },
  limit: StepLimit,
): Step {
  const candidates = [...waiting, ...above].toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1));
  const receipts: Receipt[] = [];
  let units = 0;
  for (const candidate of candidates) {
    units += candidate.units;
    if (receipts.length === limit.events || (receipts.length > 0 && units > limit.units)) break;
    receipts.push(candidate.receipt);
  }
  const isLast = receipts.length === candidates.length && receipts.length < limit.events;
  return { receipts, unsettledAbove: isLast ? null : (receipts.at(-1) ?? null) };
}
