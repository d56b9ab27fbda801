import type { Problem, Receipt } from "@fio/contracts";
import type { Posted, PostedEvent } from "../app/outbox/posted.ts";
import { standardSignature } from "@fio/service/signature";

export type Ingest = { post: (event: PostedEvent, options?: { waitSeconds?: number }) => Promise<Posted> };

/**
 * How long ingest may take to say that an event is on disk; it answers 503 within 3 s when its queue is not available.
 */
const LIMIT_MS = 6_000;

/**
 * Posts webhook events like any other sender. An event not known to be accepted is `unsent`: it may be posted again
 * with the same id, which is harmless.
 */
export function createIngest({
  url,
  key,
  call,
  now,
}: {
  url: string;
  key: Buffer | undefined;
  call: typeof fetch;
  now: () => number;
}): Ingest {
  return {
    post: async (event, { waitSeconds } = {}) => {
      const body = JSON.stringify(event);
      const answer = await call(`${url}/webhook/`, {
        method: "POST",
        body,
        headers: {
          "Content-Type": "application/json",
          ...(waitSeconds === undefined ? {} : { Prefer: `wait=${waitSeconds}` }),
          ...(key === undefined
            ? {}
            : standardSignature({ key, id: `${event.type}:${event.data.id}`, body, now: now() })),
        },
        signal: AbortSignal.timeout(LIMIT_MS + (waitSeconds ?? 0) * 1000),
      }).catch(() => null);
      if (answer === null || answer.status >= 500) return { kind: "unsent" };
      const content: unknown = await answer.json().catch(() => null);
      if (content === null) return { kind: "unsent" };
      if (!answer.ok) return refusal(content as Problem);
      const { status, receipt } = content as { status: string; receipt: Receipt };
      if (status === "waiting" || status === "accepted")
        return { kind: "accepted", receipt, waiting: status === "waiting" };
      return { kind: "applied", receipt };
    },
  };
}

/** With a receipt the event was accepted and then refused; without one it never was. */
const refusal = ({ code, receipt, errors }: Problem): Posted =>
  receipt === undefined ? { kind: "invalid", code, fault: errors?.[0] } : { kind: "refused", code, receipt };
