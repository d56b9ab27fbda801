import { setTimeout as sleep } from "node:timers/promises";

/** Works, waits, and works again until `signal`; resolves once the last work is done. `work` must not throw. */
export async function periodically(
  work: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** Resolves to `fault` when `work` fails or takes longer than `limitMs`, else to `null`. */
export async function faultWithin(
  limitMs: number,
  work: () => PromiseLike<unknown>,
  fault: string,
): Promise<string | null> {
  const limit = new AbortController();
  const late = sleep(limitMs, fault, { signal: limit.signal }).catch(() => fault);
  const done = Promise.resolve()
    .then(work)
    .then(
      () => null,
      () => fault,
    );
  return Promise.race([done, late]).finally(() => limit.abort());
}
