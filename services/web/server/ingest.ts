import {
  MAX_EVENTS_PER_REQUEST,
  nameOf,
  type PostedEvent,
  type Problem,
  type ProblemCode,
  type Receipt,
  type Result,
} from "@fio/contracts";
import type { Posted } from "../app/outbox/posted.ts";
import { standardSignature } from "@fio/service/signature";

export type Ingest = {
  post: (event: PostedEvent, options?: { waitSeconds?: number }) => Promise<Posted>;
  /** In order, as many in one request as it takes: what comes after one that failed is not posted. */
  postAll: (events: readonly PostedEvent[], options: { waitSeconds: number }) => Promise<PostedAll>;
};

/** As {@link Posted}; `settled` has a result for each event, `accepted` says that nobody waited for their outcomes. */
export type PostedAll =
  | { kind: "settled"; results: Result[] }
  | { kind: "accepted" }
  | { kind: "invalid"; code: ProblemCode }
  | { kind: "unsent" };

/**
 * How long ingest may take to say that an event is on disk; it answers 503 within 3 s when its queue is not available.
 */
const LIMIT_MS = 6_000;
/** Of one request; ingest takes 1 MiB unless it is told otherwise. */
const MOST_BYTES = 768 * 1024;

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
  const send = async (
    event: PostedEvent | readonly PostedEvent[],
    waitSeconds: number | undefined,
  ): Promise<{ ok: boolean; content: unknown } | null> => {
    const body = JSON.stringify(event);
    const first = Array.isArray(event) ? (event as readonly PostedEvent[])[0] : (event as PostedEvent);
    const id = first === undefined ? "" : `${first.type}:${nameOf(first)}`;
    const answer = await call(`${url}/webhook/`, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        ...(waitSeconds === undefined ? {} : { Prefer: `wait=${waitSeconds}` }),
        ...(key === undefined ? {} : standardSignature({ key, id, body, now: now() })),
      },
      signal: AbortSignal.timeout(LIMIT_MS + (waitSeconds ?? 0) * 1000),
    }).catch(() => null);
    if (answer === null || answer.status >= 500) return null;
    const content: unknown = await answer.json().catch(() => null);
    return content === null ? null : { ok: answer.ok, content };
  };

  return {
    post: async (event, { waitSeconds } = {}) => {
      const answer = await send(event, waitSeconds);
      if (answer === null) return { kind: "unsent" };
      if (!answer.ok) return refusal(answer.content as Problem);
      const { status, receipt } = answer.content as { status: string; receipt: Receipt };
      if (status === "waiting" || status === "accepted")
        return { kind: "accepted", receipt, waiting: status === "waiting" };
      return { kind: "applied", receipt };
    },
    postAll: async (events, { waitSeconds }) => {
      const results: Result[] = [];
      for (const part of inParts(events)) {
        const answer = await send(part, waitSeconds);
        if (answer === null) return { kind: "unsent" };
        if (!answer.ok) return { kind: "invalid", code: (answer.content as Problem).code };
        const told = answer.content as { results?: Result[] };
        if (told.results === undefined) return { kind: "accepted" };
        results.push(...told.results);
      }
      return { kind: "settled", results };
    },
  };
}

/** No request is larger than ingest takes by default, nor holds more events. */
function inParts(events: readonly PostedEvent[]): PostedEvent[][] {
  const parts: PostedEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    const last = parts.at(-1);
    if (last === undefined || bytes + size > MOST_BYTES || last.length === MAX_EVENTS_PER_REQUEST) {
      parts.push([event]);
      bytes = size;
    } else {
      last.push(event);
      bytes += size;
    }
  }
  return parts;
}

/** With a receipt the event was accepted and then refused; without one it never was. */
const refusal = ({ code, receipt, errors }: Problem): Posted =>
  receipt === undefined ? { kind: "invalid", code, fault: errors?.[0] } : { kind: "refused", code, receipt };
