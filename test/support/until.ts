import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until the answer is neither false nor null nor undefined, and gives it; throws after `limitMs`. */
export async function until<Value>(
  ask: () => Promise<Value> | Value,
  { what, limitMs = 45_000, everyMs = 50 }: { what: string; limitMs?: number; everyMs?: number },
): Promise<NonNullable<Exclude<Value, false>>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (value !== false && value !== null && value !== undefined) {
      return value as NonNullable<Exclude<Value, false>>;
    }
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(everyMs);
  }
}
