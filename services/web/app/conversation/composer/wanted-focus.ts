type Why = "new conversation" | "reply";

const LIMIT_MS: Record<Why, number> = { "new conversation": 15_000, reply: 700 };
let wanted: { why: Why; until: number } | null = null;

/**
 * The composer takes the focus when it opens soon after: a conversation that was created here is to be written
 * in, and a reply key pressed while the page changes is meant for the next conversation.
 */
export function wantFocus(why: Why): void {
  wanted = { why, until: performance.now() + LIMIT_MS[why] };
}

/** Another key was pressed since: the focus stays where it is. */
export function unwantReplyFocus(): void {
  if (wanted?.why === "reply") wanted = null;
}

/** A new conversation takes it once; a reply is for the conversation that opens last. */
export function takesFocus(): boolean {
  const takes = wanted !== null && performance.now() < wanted.until;
  if (wanted?.why !== "reply") wanted = null;
  return takes;
}
