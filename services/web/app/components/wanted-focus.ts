type Why = "new conversation" | "reply";

const LIMIT_MS: Record<Why, number> = { "new conversation": 15_000, reply: 700 };
let wanted: { why: Why; until: number } | null = null;

/**
 * The field to write in takes the focus when it opens soon: a conversation that was begun here is there to be written
 * in, and who asks to reply while the page still changes means the one that comes.
 */
export function wantFocus(why: Why): void {
  wanted = { why, until: performance.now() + LIMIT_MS[why] };
}

/** Another key was pressed since: the focus is where the reader wants it. */
export function unwantReplyFocus(): void {
  if (wanted?.why === "reply") wanted = null;
}

/** A new conversation takes it once; who replies means whichever conversation comes last. */
export function takesFocus(): boolean {
  const takes = wanted !== null && performance.now() < wanted.until;
  if (wanted?.why !== "reply") wanted = null;
  return takes;
}
