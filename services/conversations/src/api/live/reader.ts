import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@fio/service/log";
import type { Entry } from "./entry.ts";
import type { Position } from "@fio/contracts";
import { goesOn, isBroken, type ChangeStream, type History } from "./change-stream.ts";

/** Shorter than a connection's limit on one command, or waiting in vain would look like a fault. */
const BLOCK_MS = 1_000;
const COUNT = 100;
const RETRY_MS = 200;

/** What the one reader of a process tells. */
export type Listener = {
  /** Entries follow from `position` on; `broken` when some between the last one told and it are lost. */
  onUp: (position: Position, broken: boolean) => void;
  onEntries: (entries: Entry[]) => void;
  onDown: () => void;
};

/**
 * Reads the stream from its end on, for as long as it lives; after an outage it goes on where it was. `close` resolves
 * once it has ended.
 */
export function startReader({
  changes,
  listener: { onUp, onEntries, onDown },
  log,
}: {
  changes: ChangeStream;
  listener: Listener;
  log: Log;
}): { close: () => Promise<void> } {
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  let position: Position | null = null;
  let history: History | null = null;
  let connection: number | null = null;

  const begin = async (): Promise<Position> => {
    const on = changes.connection();
    const { extent, history: found } = await changes.holdings();
    const broken = position !== null && (!goesOn(history, found) || isBroken(position, extent));
    position = position === null || broken ? extent.last : position;
    history = found;
    connection = on;
    log.info({ position, broken }, "the stream of changes is read");
    onUp(position, broken);
    return position;
  };
  const readOn = async (): Promise<void> => {
    const from = position !== null && connection === changes.connection() ? position : await begin();
    const entries = await changes.next(from, { count: COUNT, blockMs: BLOCK_MS });
    if (isClosing()) return;
    position = entries.at(-1)?.position ?? position;
    if (entries.length > 0) onEntries(entries);
  };
  const run = async (): Promise<void> => {
    while (!isClosing()) {
      try {
        await readOn();
      } catch (error) {
        if (isClosing()) return;
        if (connection !== null) {
          log.warn({ err: error }, "the stream of changes cannot be read");
          onDown();
        }
        connection = null;
        await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  };
  const running = run();
  return {
    close: () => {
      closing.abort();
      return running;
    },
  };
}
