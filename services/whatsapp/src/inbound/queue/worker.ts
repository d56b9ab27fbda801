import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { REDIS_PREFIX } from "@fio/contracts";
import { backoffMs } from "@fio/service/backoff";
import type { Log } from "@fio/service/log";
import { QueueWorker } from "@fio/service/queue-worker";
import { INBOX_QUEUE, inboxKey } from "../../keys.ts";
import { Unavailable } from "../../unavailable.ts";
import type { Item } from "../reading/split.ts";
import type { Inbox } from "./inbox.ts";
import type { InboxJob } from "./open-queue.ts";

/** People who are worked on at the same time in one process. */
const CONCURRENCY = 16;
/** As many of one person's items are told to ingest together. */
const MOST_ITEMS = 50;
const CLOSE_MS = 6_000;
const RETRY = { firstMs: 250, longestMs: 10_000 };

/**
 * Takes one person's items in their order, some at a time, and removes them once `apply` is done with them. Whatever
 * ends in between begins anew with the same items, which makes the same events.
 */
export function startWorker({
  redis,
  inbox,
  apply,
  log,
}: {
  redis: Redis;
  inbox: Inbox;
  apply: (items: readonly Item[]) => Promise<void>;
  log: Log;
}): { close: () => Promise<void> } {
  const stopping = new AbortController();
  const work = async ({ person, later }: InboxJob): Promise<void> => {
    if (later !== undefined) return inbox([later]);
    const key = inboxKey(person);
    for (;;) {
      if (stopping.signal.aborted) throw new Unavailable("stopping");
      const texts = await redis.lrange(key, 0, MOST_ITEMS - 1);
      if (texts.length === 0) return;
      await apply(texts.map((text) => JSON.parse(text) as Item));
      // By what they say, not by how many: should two workers hold one person, neither takes away what is not applied.
      const removal = redis.pipeline();
      for (const text of texts) removal.lrem(key, 1, text);
      await removal.exec();
    }
  };
  const worker = new QueueWorker<InboxJob>(INBOX_QUEUE, (job) => work(job.data), {
    connection: redis,
    prefix: REDIS_PREFIX,
    concurrency: CONCURRENCY,
    lockDuration: 30_000,
    stalledInterval: 5_000,
    settings: { backoffStrategy: (attempts: number) => backoffMs(attempts, RETRY) },
  });
  worker.on("error", () => {
    // The connection's own listener logs outages.
  });
  worker.on("failed", (job, error) => {
    const facts = { attempts: job?.attemptsMade, err: error };
    if (error instanceof Unavailable) log.debug(facts, "put off");
    else log.error(facts, "what came from WhatsApp could not be applied, trying again");
  });
  return {
    close: async () => {
      stopping.abort();
      // What a part that hangs holds up is given to another worker, or to the next start.
      await Promise.race([worker.close(), sleep(CLOSE_MS)]);
    },
  };
}
