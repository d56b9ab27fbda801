import type { Redis } from "ioredis";
import { CHANGES_FIELD, CHANGES_KEY, outcomeChannel } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { claimOverdue, dropAnnounced, type Announcement } from "../store/outbox.ts";
import type { Metrics } from "./metrics.ts";
import { byInstance, type Replies } from "./replies.ts";
import { createStreamCap } from "./stream-cap.ts";

/** How long a row may be in the outbox before any worker takes its announcement over. */
const OVERDUE_MS = 1_000;
/** Announced rows go with the next transaction, or by themselves when none comes for so long. */
const DROP_MS = 100;
const OVERDUE_AT_ONCE = 100;

export type Announcer = {
  /** Never throws: what Redis does not take stays in the outbox. Resolves true when it is announced. */
  announce: (announcement: Announcement | null, replies: Replies) => Promise<boolean>;
  /** Rows of the outbox that can go; they are given again until {@link Announcer.dropped} says that they are gone. */
  announced: () => string[];
  dropped: (ids: readonly string[]) => void;
  /** Announces what was left over, once. */
  sweep: () => Promise<void>;
  close: () => Promise<void>;
};

/** Tells the world what was committed: changes to the live stream, outcomes to those who wait. At least once. */
export function createAnnouncer({
  store,
  redis,
  now,
  log,
  metrics,
}: {
  store: Store;
  redis: Redis;
  now: () => number;
  log: Log;
  metrics: Metrics;
}): Announcer {
  const gone = new Set<string>();
  const keptAt = createStreamCap();
  let dropping: NodeJS.Timeout | undefined;
  let closed = false;

  const send = async (announcement: Announcement | null, replies: Replies): Promise<void> => {
    const pipeline = redis.pipeline();
    for (const entry of announcement?.entries ?? []) {
      pipeline.xadd(CHANGES_KEY, "MAXLEN", "~", keptAt(entry.length), "*", CHANGES_FIELD, entry);
    }
    for (const [instance, outcomes] of replies) {
      pipeline.publish(outcomeChannel(instance), JSON.stringify(outcomes));
    }
    if (pipeline.length === 0) return;
    const answers = (await pipeline.exec()) ?? [];
    const failed = answers.find(([error]) => error !== null)?.[0];
    if (failed !== undefined && failed !== null) throw failed;
  };

  const dropLater = (): void => {
    dropping ??= setTimeout(() => void dropNow(), DROP_MS);
  };
  const dropNow = async (): Promise<void> => {
    clearTimeout(dropping);
    dropping = undefined;
    const ids = [...gone];
    if (ids.length === 0) return;
    try {
      await dropAnnounced(store, ids);
      for (const id of ids) gone.delete(id);
    } catch (error) {
      // Announced again by whoever finds them: clients take a frame twice without harm.
      log.debug({ err: error }, "announced rows could not be deleted yet");
      if (!closed) dropLater();
    }
  };

  const announce: Announcer["announce"] = async (announcement, replies) => {
    try {
      await send(announcement, replies);
    } catch (error) {
      metrics.announcementsFailed.inc();
      log.warn({ err: error }, "changes stay in the outbox for now");
      return false;
    }
    if (announcement !== null) {
      gone.add(announcement.id);
      if (!closed) dropLater();
    }
    return true;
  };

  const sweep = async (): Promise<void> => {
    if (redis.status !== "ready") return;
    const claim = { now: now(), overdueMs: OVERDUE_MS, limit: OVERDUE_AT_ONCE };
    for (const announcement of await claimOverdue(store, claim)) {
      if (!(await announce(announcement, byInstance(announcement.waiterReplies)))) return;
      metrics.announcedLate.inc();
    }
  };

  return {
    announce,
    announced: () => [...gone],
    dropped: (ids) => ids.forEach((id) => gone.delete(id)),
    sweep,
    close: async () => {
      closed = true;
      await dropNow();
    },
  };
}
