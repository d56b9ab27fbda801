import { timestampOf } from "@fio/contracts";
import type { Ingest } from "../ingest.ts";

/** Posts a status to ingest. Whether it is on disk there; anything else is said again, which is harmless. */
export type Tell = (status: {
  id: string;
  conversation: string;
  /** In milliseconds. */
  at: number;
  detail: string;
}) => Promise<boolean>;

export const createTell =
  (ingest: Ingest): Tell =>
  ({ id, conversation, at, detail }) =>
    ingest
      .tell([
        {
          type: "MESSAGE_STATUS",
          timestamp: timestampOf(at),
          data: { message_id: id, conversation_id: conversation, status: "FAILED", detail },
        },
      ])
      .catch(() => false);
