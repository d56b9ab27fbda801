import { problemOf } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import { QueueUnavailable } from "../replay.ts";
import { isTransient } from "../store/faults.ts";
import { ReplicaBehind } from "../store/replica.ts";

/** Seconds. */
const RETRY_AFTER = 2;
/** In an outage every request fails alike. */
const LOG_EVERY_MS = 10_000;

/**
 * Tells the passing faults of the store and the queue, which are no fault of the request: it is to be asked again.
 * `null` for other errors. `now` in milliseconds since 1970.
 */
export function outages({ log, now }: { log: Log; now: () => number }) {
  let logged = -Infinity;
  return (error: unknown): ProblemError | null => {
    const isQueue = error instanceof QueueUnavailable;
    if (!isQueue && !isTransient(error) && !(error instanceof ReplicaBehind)) return null;
    if (now() - logged >= LOG_EVERY_MS) {
      logged = now();
      log.warn({ err: error }, isQueue ? "the queue cannot be reached" : "the store cannot be read");
    }
    return new ProblemError(problemOf(isQueue ? "QUEUE_UNAVAILABLE" : "STORE_UNAVAILABLE"), {
      retryAfter: RETRY_AFTER,
    });
  };
}
