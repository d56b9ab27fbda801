import type { PostedText } from "./posted-text.ts";

/** The answer to a conversation's form that failed; `text` is what was to be sent. */
export type FormAnswer = { intent: "send" | "close"; reason: PostedText | "reason.accepted"; text: string };
