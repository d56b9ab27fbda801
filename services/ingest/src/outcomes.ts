import type { Redis } from "ioredis";
import { outcomeChannel, replies, type Receipt, type Reply } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Metrics } from "./metrics.ts";
import { createWatch, type Listeners, type Watch } from "./watch.ts";

/** Requests that wait at the same time; beyond it a `Prefer` is not applied, as RFC 7240 allows. */
const MAX_WATCHES = 10_000;
/** How many replies are kept for requests that do not know their receipts yet. */
const MAX_EARLY = 50_000;

export type Outcomes = {
  /** `null` while not subscribed, or when too many wait: then the sender is answered without waiting. */
  watch: () => Watch | null;
  /** Whether the subscription is active. */
  listening: () => boolean;
  /** Ends all waits and takes no new ones. */
  release: () => void;
};

/**
 * Receives the workers' replies on this instance's own channel, over a connection of its own that the caller closes.
 */
export function openOutcomes({
  redis,
  instance,
  log,
  metrics,
  takenUpTo = Date.now,
}: {
  redis: Redis;
  instance: string;
  log: Log;
  metrics: Metrics;
  /** All that was accepted before this time has been applied. */
  takenUpTo?: () => number;
}): Outcomes {
  const listeners: Listeners = new Map();
  const watches = new Set<Watch>();
  /**
   * Watches whose flush is in flight, and replies that overtook it: a worker may finish before the flush is answered.
   */
  const unbegun = new Set<Watch>();
  const early = new Map<Receipt, Reply>();
  let listening = false;
  let released = false;

  const subscribe = async (): Promise<void> => {
    try {
      await redis.subscribe(outcomeChannel(instance));
      listening = true;
    } catch (error) {
      log.warn({ err: error }, "cannot subscribe to outcomes");
    }
  };
  redis.on("ready", () => void subscribe());
  redis.on("close", () => {
    listening = false;
    for (const watch of watches) watch.missSome();
  });
  if (redis.status === "ready") void subscribe();
  redis.on("message", (_channel: string, text: string) => {
    const parsed = replies.safeParse(jsonOf(text));
    if (!parsed.success) log.error({ err: parsed.error }, "invalid reply from a worker");
    else for (const reply of parsed.data) hear(reply);
  });
  const hear = (reply: Reply): void => {
    const listener = listeners.get(reply.receipt);
    listener?.(reply);
    if (listener !== undefined || unbegun.size === 0) return;
    early.set(reply.receipt, reply);
    if (early.size > MAX_EARLY) early.delete(early.keys().next().value as Receipt);
  };
  const noLongerUnbegun = (watch: Watch): void => {
    unbegun.delete(watch);
    if (unbegun.size === 0) early.clear();
  };

  const open = (): Watch => {
    const watch = createWatch({
      listeners,
      early: (receipt) => early.get(receipt),
      takenUpTo,
      onBegin: () => noLongerUnbegun(watch),
      onEnd: () => {
        noLongerUnbegun(watch);
        watches.delete(watch);
        metrics.waitingForOutcome.set(watches.size);
      },
    });
    watches.add(watch);
    unbegun.add(watch);
    metrics.waitingForOutcome.set(watches.size);
    return watch;
  };
  return {
    watch: () => (listening && !released && watches.size < MAX_WATCHES ? open() : null),
    listening: () => listening,
    release: () => {
      released = true;
      for (const watch of [...watches]) watch.end();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
