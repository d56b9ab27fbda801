import { problemOf } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";
import { isTransient } from "../store/faults.ts";

/** Seconds. */
const RETRY_AFTER = 2;

/** A passing fault of the store is no fault of the request: it is to be asked again. */
export function storeOutage(error: unknown): ProblemError | null {
  return isTransient(error)
    ? new ProblemError(problemOf("STORE_UNAVAILABLE"), { retryAfter: RETRY_AFTER })
    : null;
}
