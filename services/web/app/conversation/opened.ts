import type { Conversation } from "@fio/contracts";

/** What was found when a conversation was asked for. */
export type Opened =
  | {
      kind: "found";
      conversation: Conversation;
      older: string | null;
      newer: string | null;
      position: string | null;
    }
  /** `status` 404, or 400 for a page that does not exist. */
  | { kind: "missing"; status: number }
  | { kind: "unavailable" };
