import { setTimeout as sleep } from "node:timers/promises";
import type { Receipt } from "@fio/contracts";
import { histories, type Histories } from "./histories.ts";
import type { Journal, SentEvent } from "./journal.ts";
import { post, wireBody, type Posted } from "./post.ts";
import type { Random } from "../../support/random.ts";

/** What a post says of an ingest; `works` is `null` where it refused because too much waits: it is ready all the same. */
export type PostResult = { ingestUrl: string; works: boolean | null };

export type Sender = {
  /** Posts these until one ingest has answered 2xx, and gives the receipts. */
  deliver: (events: readonly SentEvent[], options?: { ingestUrl?: string }) => Promise<Receipt[]>;
  /** No new events; resolves once everything under way has been answered 2xx. */
  stop: () => Promise<void>;
};

/** How long a sender waits before it counts an answer as lost. Longer than the 3 s in which ingest must refuse. */
const ANSWER_LIMIT_MS = 5_000;
const RETRY_MS = 250;

/**
 * Posts random histories to all ingests over many connections. What is not answered 2xx is posted again, under any
 * ingest, so that doubles and reorderings arise by themselves.
 */
export function startSender({
  ingests,
  random,
  journal,
  eventsPerSecond,
  connections = 24,
  source = histories({ random, now: Date.now }),
  onResult = () => {},
}: {
  ingests: readonly string[];
  random: Random;
  journal: Journal;
  eventsPerSecond: number;
  connections?: number;
  source?: Histories;
  onResult?: (result: PostResult) => void;
}): Sender {
  const started = performance.now();
  let taken = 0;
  let stopped = false;

  const attempt = async (events: readonly SentEvent[], ingestUrl: string): Promise<Receipt[] | null> => {
    journal.sending(events);
    const sentAt = performance.now();
    const posted = await post(ingestUrl, wireBody(events, random), ANSWER_LIMIT_MS);
    const answeredAt = performance.now();
    const accepted =
      posted !== null && posted !== "never sent" && posted.status >= 200 && posted.status < 300;
    onResult({ ingestUrl, works: accepted || (saysFull(posted) ? null : false) });
    if (accepted) {
      const receipts = receiptsOf(posted.body);
      journal.accept(events, receipts, { sentAt, answeredAt });
      return receipts;
    }
    if (posted === "never sent") return null;
    if (posted !== null && posted.status >= 400 && posted.status < 500) {
      journal.refuse(posted.status, posted.body);
      return [];
    }
    // A 503 too: the write may have reached Redis although ingest was not told.
    journal.leaveUnsure(events);
    return null;
  };

  const deliver = async (
    events: readonly SentEvent[],
    { ingestUrl }: { ingestUrl?: string } = {},
  ): Promise<Receipt[]> => {
    for (;;) {
      const receipts = await attempt(events, ingestUrl ?? random.pick(ingests));
      if (receipts !== null) return receipts;
      await sleep(RETRY_MS);
    }
  };

  const nextBatch = (): SentEvent[] => {
    const kind = random.next();
    const size = kind < 0.6 ? 1 : kind < 0.9 ? 2 + random.int(9) : 20 + random.int(80);
    return Array.from({ length: size }, source.next);
  };

  const line = async (): Promise<void> => {
    while (!stopped) {
      const due = ((performance.now() - started) / 1_000) * eventsPerSecond;
      // An outage is not made up for afterwards: real traffic does not come back in one burst either.
      taken = Math.max(taken, due - eventsPerSecond);
      if (taken >= due) {
        await sleep(10);
        continue;
      }
      const events = nextBatch();
      taken += events.length;
      await deliver(events);
      // A webhook that was answered comes again all the same, from a sender that did not notice.
      if (random.chance(0.04)) await deliver(events);
    }
  };
  const lines = Array.from({ length: connections }, line);

  return {
    deliver,
    stop: async () => {
      stopped = true;
      await Promise.all(lines);
    },
  };
}

/** Whether this is the refusal of an ingest that is well, and whose backlog, or Redis' memory, is full. */
export const saysFull = (posted: Posted): boolean =>
  posted !== null &&
  posted !== "never sent" &&
  posted.status === 503 &&
  posted.body.includes('"BACKLOG_FULL"');

function receiptsOf(body: string): Receipt[] {
  const answer = JSON.parse(body) as { receipt?: Receipt; receipts?: Receipt[] };
  return answer.receipts ?? (answer.receipt === undefined ? [] : [answer.receipt]);
}
