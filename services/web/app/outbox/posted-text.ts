import type { Posted } from "./posted.ts";

/** The key of the text for a failed post. */
export type PostedText =
  | "reason.queue"
  | "reason.denied"
  | "reason.invalid"
  | "fault.tooLarge"
  | `reason.${"CONVERSATION_ALREADY_EXISTS" | "CONVERSATION_CLOSED" | "CONVERSATION_NOT_FOUND" | "MESSAGE_ID_CONFLICT" | "CONVERSATION_ALREADY_CLOSED" | "CONVERSATION_ERASED" | "INTERNAL_ERROR"}`;

export function postedText(posted: Exclude<Posted, { kind: "applied" | "accepted" }>): PostedText {
  if (posted.kind === "unsent") return "reason.queue";
  switch (posted.code) {
    case "SIGNATURE_INVALID":
    case "UNAUTHORIZED":
      return "reason.denied";
    case "CONVERSATION_ALREADY_EXISTS":
    case "CONVERSATION_CLOSED":
    case "CONVERSATION_NOT_FOUND":
    case "MESSAGE_ID_CONFLICT":
    case "CONVERSATION_ALREADY_CLOSED":
    case "CONVERSATION_ERASED":
    case "INTERNAL_ERROR":
      return `reason.${posted.code}`;
    default:
      return "reason.invalid";
  }
}

/** The answer to a conversation's form that failed; `text` is what was to be sent. */
export type FormAnswer = { intent: "send" | "close"; reason: PostedText | "reason.accepted"; text: string };
