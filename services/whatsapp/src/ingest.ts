import {
  MAX_EVENTS_PER_REQUEST,
  nameOf,
  type PostedEvent,
  type Result,
  type WebhookAnswer,
} from "@fio/contracts";
import { standardSignature } from "@fio/service/signature";
import { Unavailable } from "./unavailable.ts";

export type Ingest = {
  /** What became of each, in their order; `null` when one of them is not valid. Throws {@link Unavailable}. */
  settle: (events: readonly PostedEvent[]) => Promise<Result[] | null>;
  /** On disk, with an outcome that nobody waits for; `false` when one of them is not valid. Throws {@link Unavailable}. */
  tell: (events: readonly PostedEvent[], key?: Buffer) => Promise<boolean>;
};

const WAIT_SECONDS = 10;
const LIMIT_MS = 6_000;
/** Of one request; ingest takes 1 MiB unless it is told otherwise. */
const MOST_BYTES = 768 * 1024;

/** Posts as every sender does; `key` undefined: unsigned. `now` in milliseconds. */
export function createIngest({
  url,
  key: own,
  now = Date.now,
}: {
  url: string;
  key: Buffer | undefined;
  now?: () => number;
}): Ingest {
  const post = async (
    events: readonly PostedEvent[],
    { wait, key = own }: { wait: boolean; key?: Buffer | undefined },
  ): Promise<WebhookAnswer | null> => {
    const body = JSON.stringify(events);
    const [first] = events;
    const id = first === undefined ? "" : `${first.type}:${nameOf(first)}`;
    const answer = await fetch(`${url}/webhook/`, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        ...(wait ? { Prefer: `wait=${WAIT_SECONDS}` } : {}),
        ...(key === undefined ? {} : standardSignature({ key, id, body, now: now() })),
      },
      signal: AbortSignal.timeout(LIMIT_MS + (wait ? WAIT_SECONDS * 1_000 : 0)),
    }).catch((error: unknown) => {
      throw new Unavailable(`ingest does not answer: ${(error as Error).message}`);
    });
    const content: unknown = await answer.json().catch(() => null);
    if (answer.ok && content !== null) return content as WebhookAnswer;
    if (answer.status === 400) return null;
    throw new Unavailable(`ingest answers ${answer.status}`);
  };
  return {
    settle: async (events) => {
      const settled: Result[] = [];
      for (const part of inParts(events)) {
        const answer = await post(part, { wait: true });
        if (answer === null) return null;
        if (!("results" in answer)) throw new Unavailable("ingest tells no outcomes");
        settled.push(...answer.results);
      }
      return settled;
    },
    tell: async (events, key) => {
      for (const part of inParts(events)) {
        if ((await post(part, { wait: false, key: key ?? own })) === null) return false;
      }
      return true;
    },
  };
}

/** No request is larger than ingest takes by default, nor holds more events. */
function inParts(events: readonly PostedEvent[]): PostedEvent[][] {
  const parts: PostedEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    const last = parts.at(-1);
    if (last === undefined || size > room || last.length === MAX_EVENTS_PER_REQUEST) {
      parts.push([event]);
      room = MOST_BYTES - size;
    } else {
      last.push(event);
      room -= size;
    }
  }
  return parts;
}
