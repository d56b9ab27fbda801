import { setTimeout as sleep } from "node:timers/promises";

/** Runs `work`, waits, and repeats until `signal`; resolves once the last run is done. `work` must not throw. */
export async function repeat(
  work: () => Promise<void>,
  { everyMs, signal }: { everyMs: number; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
