import { problemOf } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";

/** Retry-After for an outage, in seconds. */
export const RETRY_QUEUE = 2;
/** A backlog takes longer to drain. */
export const RETRY_BACKLOG = 10;

/** An outage: 503, never a 4xx, since senders drop on those. */
export function queueUnavailable(detail: string): ProblemError {
  return new ProblemError(problemOf("QUEUE_UNAVAILABLE", { detail }), { retryAfter: RETRY_QUEUE });
}
