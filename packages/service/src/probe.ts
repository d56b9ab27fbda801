import { faultWithin } from "./fault-within.ts";

/**
 * A readiness check of another server, shared by all callers: at most one is under way. It gives
 * `fault` when it fails or takes longer than `limitMs`, and its answer is kept for `freshMs`. While one hangs, no
 * second one is started, and callers get the fault.
 */
export function createProbe({
  work,
  fault,
  limitMs = 2_000,
  freshMs = 1_000,
  now = () => performance.now(),
}: {
  work: () => PromiseLike<unknown>;
  fault: string;
  limitMs?: number;
  freshMs?: number;
  now?: () => number;
}): () => Promise<string | null> {
  let hanging = false;
  let asked = -Infinity;
  let answer: Promise<string | null> = Promise.resolve(null);

  const askOnce = (): Promise<unknown> => {
    hanging = true;
    return Promise.resolve()
      .then(work)
      .finally(() => {
        hanging = false;
      });
  };
  return () => {
    if (now() - asked < limitMs && hanging) return answer;
    if (hanging) return Promise.resolve(fault);
    if (now() - asked < freshMs) return answer;
    asked = now();
    answer = faultWithin(limitMs, askOnce, fault);
    return answer;
  };
}
