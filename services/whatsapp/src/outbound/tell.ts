import { timestampOf, type MessageStatus } from "@fio/contracts";
import { standardSignature } from "@fio/service/signature";

const LIMIT_MS = 6_000;

/** Posts a status to ingest. Whether it is on disk there; anything else is said again, which is harmless. */
export type Tell = (status: {
  id: string;
  conversation: string;
  /** In milliseconds. */
  at: number;
  detail: string;
}) => Promise<boolean>;

export const createTell =
  ({ ingestUrl, key, now }: { ingestUrl: string; key: Buffer | undefined; now: () => number }): Tell =>
  async ({ id, conversation, at, detail }) => {
    const event: MessageStatus = {
      type: "MESSAGE_STATUS",
      timestamp: timestampOf(at),
      data: { message_id: id, conversation_id: conversation, status: "FAILED", detail },
    };
    const body = JSON.stringify(event);
    const answer = await fetch(`${ingestUrl}/webhook/`, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        ...(key === undefined
          ? {}
          : standardSignature({ key, id: `MESSAGE_STATUS:${id}`, body, now: now() })),
      },
      signal: AbortSignal.timeout(LIMIT_MS),
    }).catch(() => null);
    await answer?.body?.cancel().catch(() => {});
    return answer?.ok === true;
  };
