import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@fio/service/backoff";
import { isTransient } from "./faults.ts";

const BACKOFF = { firstMs: 20, longestMs: 1_000 };

/**
 * Tries again, without end, what fails by a passing fault of the store; waits a little longer each time, at most a
 * second. Throws what else fails, and the fault itself once `signal` says to give up.
 */
export async function untilDone<Value>(
  attempt: () => Promise<Value>,
  {
    signal,
    onFault = () => {},
    random = Math.random,
  }: {
    signal?: AbortSignal;
    onFault?: (error: unknown, tries: number) => void;
    random?: () => number;
  } = {},
): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || signal?.aborted === true) throw error;
      onFault(error, tries);
      const wait = backoffMs(tries, BACKOFF, random);
      await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
  }
}
