import type { Redis } from "ioredis";
import { outcomeChannel, replies } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Metrics } from "./metrics.ts";
import { createWatch, type Listeners, type Watch } from "./watch.ts";

/** Requests that wait at the same time; beyond it a `Prefer` is not applied, as RFC 7240 allows. */
const MAX_WATCHES = 10_000;

export type Outcomes = {
  /** `null` while nothing can be heard, or too many listen: then the sender is answered without waiting. */
  watch: () => Watch | null;
  /** Whether the workers are heard. */
  listening: () => boolean;
  /** Ends all waits and takes no new ones. */
  release: () => void;
};

/** Hears the workers on this instance's own channel, over a connection of its own that the caller closes. */
export function openOutcomes({
  redis,
  instance,
  log,
  metrics,
}: {
  redis: Redis;
  instance: string;
  log: Log;
  metrics: Metrics;
}): Outcomes {
  const listeners: Listeners = new Map();
  const watches = new Set<Watch>();
  let listening = false;
  let released = false;

  const subscribe = async (): Promise<void> => {
    try {
      await redis.subscribe(outcomeChannel(instance));
      listening = true;
    } catch (error) {
      log.warn({ err: error }, "outcomes cannot be heard");
    }
  };
  redis.on("ready", () => void subscribe());
  redis.on("close", () => (listening = false));
  if (redis.status === "ready") void subscribe();
  redis.on("message", (_channel: string, text: string) => {
    const parsed = replies.safeParse(jsonOf(text));
    if (!parsed.success) log.error({ err: parsed.error }, "a worker's reply cannot be read");
    else for (const reply of parsed.data) listeners.get(reply.receipt)?.(reply);
  });

  const open = (): Watch => {
    const watch = createWatch({
      listeners,
      onEnd: () => {
        watches.delete(watch);
        metrics.waitingForOutcome.set(watches.size);
      },
    });
    watches.add(watch);
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
