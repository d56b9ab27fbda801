import { total, type Kinds } from "../generator/load.ts";

/** What a system has taken since it was started, and what of it was found. */
export type Account = { accepted: Kinds; unanswered: number; applied: Kinds; keptOut: number };

/**
 * What is wrong, in one line; `null` when each accepted event was found once: applied, or among those that its rules kept
 * out. What got no answer may have been taken or not. Ids are unique in every store, so that an event that was applied
 * twice is one too many for its kind or cannot be there.
 */
export function whatIsWrong({ accepted, unanswered, applied, keptOut }: Account): string | null {
  const missing = total(accepted) - total(applied) - keptOut;
  if (missing > 0) return `${missing} of ${total(accepted)} accepted events were lost`;
  if (-missing > unanswered)
    return `${-missing} more events than were accepted, ${unanswered} without an answer`;
  for (const kind of ["created", "messages", "closed"] as const) {
    const more = applied[kind] - accepted[kind];
    if (more > unanswered) return `${more} more ${kind} than were accepted`;
  }
  return null;
}
