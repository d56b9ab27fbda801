import { setTimeout as sleep } from "node:timers/promises";

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
