import type { PostedText } from "./posted-text.ts";

/** What a form of a conversation is answered that did not do what it should; `text` is what was to be sent. */
export type FormAnswer = { intent: "send" | "close"; reason: PostedText | "reason.accepted"; text: string };

/** What a replay of a refused event is answered. */
export type Replayed =
  { kind: "applied" } | { kind: "accepted" } | { kind: "failed"; reason: "reason.queue" | "reason.invalid" };
