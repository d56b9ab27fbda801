import { setTimeout as sleep } from "node:timers/promises";
import { idOf, timestampOf, type EventOutcome, type Receipt, type WebhookEvent } from "@fio/contracts";
import { until } from "../support/until.ts";
import { demand } from "./demand.ts";
import { askRedis, backlog } from "./rig/redis.ts";
import type { Rig } from "./rig/rig.ts";

/** How long anything may take before the suite gives up on it: far more than is promised. */
const GIVE_UP_MS = 90_000;

/**
 * Milliseconds from `since` until every process that runs says that it is ready, a fresh event posted to each ingest
 * is applied and can be read, and `also` holds.
 */
export async function recovered(
  rig: Rig,
  since: number,
  also: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<number> {
  const fresh = rig.system.ingests.map(async ({ url }) => {
    const creation = freshCreation(rig);
    await rig.sender.deliver([creation], { ingestUrl: url });
    await until(() => isApplied(rig, creation), { what: "a fresh event is applied", limitMs: GIVE_UP_MS });
  });
  await Promise.all(fresh);
  await until(async () => rig.watch.notReady().length === 0 && (await also()), {
    what: `all is ready, not ready: ${rig.watch.notReady().join(", ")}`,
    limitMs: GIVE_UP_MS,
  });
  return performance.now() - since;
}

/** A conversation of its own, now. */
export function freshCreation(rig: Rig): WebhookEvent {
  return { type: "NEW_CONVERSATION", timestamp: timestampOf(Date.now()), data: { id: rig.random.uuid() } };
}

export async function outcomeOf(rig: Rig, event: WebhookEvent): Promise<EventOutcome | null> {
  const answer = await fetch(`${rig.api.url}/events/${event.type}/${idOf(event)}`, {
    signal: AbortSignal.timeout(2_000),
  }).catch(() => null);
  if (answer?.status === 200) return (await answer.json()) as EventOutcome;
  await answer?.body?.cancel();
  return null;
}

/** Replays a rejection as an operator does, who asks again while the store cannot be reached. */
export async function replay(rig: Rig, receipt: Receipt): Promise<void> {
  await until(
    async () => {
      const answer = await fetch(`${rig.api.url}/rejections/${receipt}/replay`, { method: "POST" });
      const text = await answer.text();
      if (answer.status === 503) return false;
      demand(answer.ok, `the replay was answered ${answer.status}: ${text}`);
      return true;
    },
    { what: "the replay is accepted", limitMs: 10_000, everyMs: 250 },
  );
}

async function isApplied(rig: Rig, event: WebhookEvent): Promise<boolean> {
  return (await outcomeOf(rig, event))?.outcome === "applied";
}

/** Resolves once the sender has been answered, the queue is empty and everything was announced. */
export async function drained(rig: Rig): Promise<void> {
  await rig.sender.stop();
  for (let partition = 0; partition < rig.partitions; partition += 1) {
    const jobs = (): Promise<number> =>
      askRedis(rig.system.redis.url, (redis) => backlog(redis, partition), { partition });
    await until(async () => (await jobs()) === 0, {
      what: "the queue is drained",
      limitMs: GIVE_UP_MS,
      everyMs: 200,
    });
  }
  const unannounced = async (): Promise<number> => {
    const [row] = await rig.store.rows<{ count: number | string }>("select count(*) as count from outbox");
    return Number(row?.count ?? 0);
  };
  await until(async () => (await unannounced()) === 0, {
    what: "every transaction is announced",
    limitMs: GIVE_UP_MS,
    everyMs: 200,
  });
}

/** Lets the load go on. */
export const underLoad = (milliseconds: number): Promise<void> => sleep(milliseconds);
