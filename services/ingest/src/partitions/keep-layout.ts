import { setTimeout as sleep } from "node:timers/promises";
import { layoutText, type Layout } from "@fio/service/layout";
import type { LayoutWishes } from "@fio/service/settle-layout";
import type { Log } from "@fio/service/log";

const AGAIN_MS = 500;
/** How long a change may be held up by a node that is away before work goes on without it. */
const HELD_UP_MS = 2_000;

/** Among how many partitions this ingest divides conversations. */
export type KeptLayout = {
  /** `null` until it is known. */
  current: () => Layout | null;
  /** A partition takes nothing under `known`: asks for what holds by now. Throws what Redis throws. */
  renew: (known: Layout) => Promise<void>;
  /** Asks at once, while it is not known yet. */
  look: () => void;
  stop: () => void;
};

/**
 * Asks for the layout, and once, at the start, for `wish` partitions: later another ingest may have reason to change it.
 */
export function keepLayout({
  settle,
  wish,
  log,
  now,
}: {
  settle: (given: Pick<LayoutWishes, "wish" | "known">) => Promise<Layout>;
  wish: number;
  log: Log;
  /** Milliseconds. */
  now: () => number;
}): KeptLayout {
  let current: Layout | null = null;
  let settling: Promise<void> | null = null;
  const stopping = new AbortController();
  let pause = new AbortController();

  const settleOnce = (given: Pick<LayoutWishes, "wish" | "known">): Promise<void> =>
    (settling ??= settle(given)
      .then((layout) => {
        if (current !== null && layoutText(current) === layoutText(layout)) return;
        if (layout.epoch > 0) log.info({ partitions: layout.count, before: layout.was }, "partitions in use");
        current = layout;
      })
      .finally(() => (settling = null)));

  const begin = async (): Promise<void> => {
    const began = now();
    while (!stopping.signal.aborted) {
      try {
        await settleOnce({ wish, known: null });
        return;
      } catch (error) {
        log.debug({ err: error }, "the number of partitions cannot be settled yet");
        // Until a node comes back that the change needs, work goes on as it was.
        if (now() - began > HELD_UP_MS) await settleOnce({ wish: null, known: null }).catch(() => {});
      }
      await sleep(AGAIN_MS, undefined, { signal: pause.signal }).catch(() => {
        pause = new AbortController();
      });
    }
  };
  void begin();
  return {
    current: () => current,
    renew: async (known) => {
      if (current === known) await settleOnce({ wish: null, known });
    },
    look: () => pause.abort(),
    stop: () => {
      stopping.abort();
      pause.abort();
    },
  };
}
