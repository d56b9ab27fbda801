import { setTimeout as sleep } from "node:timers/promises";
import type { Sender } from "./sender.ts";
import type { Random } from "./phrases.ts";
import { DELIVERIES_PER_STORY, story, type Delivery, type Kind } from "./story.ts";

export type Counts = { customers: number; accepted: number; refused: number; kinds: Record<Kind, number> };

export const noCounts = (): Counts => ({
  customers: 0,
  accepted: 0,
  refused: 0,
  kinds: { "in time": 0, again: 0, ahead: 0, late: 0, refused: 0 },
});

/** Starts customers at random, enough for `rate` events a second, until the signal; counts along the way. */
export async function traffic({
  sender,
  rate,
  random,
  counts,
  signal,
}: {
  sender: Sender;
  rate: number;
  random: Random;
  counts: Counts;
  signal: AbortSignal;
}): Promise<void> {
  const customers = new Set<Promise<void>>();
  const pauseMs = (1_000 * DELIVERIES_PER_STORY) / rate;
  while (!signal.aborted) {
    const customer = live(story(random), { sender, counts, signal }).finally(() =>
      customers.delete(customer),
    );
    customers.add(customer);
    // Independent arrivals: exponential pauses.
    await sleep(-Math.log(1 - random()) * pauseMs, undefined, { signal }).catch(() => {});
  }
  await Promise.all(customers);
}

async function live(
  deliveries: Delivery[],
  { sender, counts, signal }: { sender: Sender; counts: Counts; signal: AbortSignal },
): Promise<void> {
  const begin = Date.now();
  counts.customers++;
  const sent: Array<Promise<void>> = [];
  for (const { posts, happens, kind, event } of deliveries) {
    await sleep(Math.max(0, begin + posts - Date.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    const body = { type: event.type, timestamp: microseconds(begin + happens), data: event.data };
    const post = async (): Promise<void> => {
      const answer = await sender.post(body, signal);
      if (answer === "given up") return;
      counts[answer]++;
      counts.kinds[kind]++;
    };
    // Not awaited: a slow answer delays nobody's typing.
    sent.push(post());
  }
  await Promise.all(sent);
  counts.customers--;
}

/** Senders of this kind write no offset. `milliseconds` since 1970; its fraction gives the microseconds. */
function microseconds(milliseconds: number): string {
  const whole = new Date(milliseconds).toISOString().slice(0, 23);
  return `${whole}${String(Math.floor((milliseconds % 1) * 1_000)).padStart(3, "0")}`;
}
