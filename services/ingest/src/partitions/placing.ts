import { conversationIdOf, type Receipt } from "@fio/contracts";
import { faultWithin } from "@fio/service/fault-within";
import { ProblemError } from "@fio/service/http";
import type { Layout } from "@fio/service/layout";
import { partitionOf } from "@fio/service/partition-of";
import type { Refusal } from "../backlog.ts";
import type { Batcher } from "../batch.ts";
import { AnotherLayout } from "../enqueue.ts";
import type { Entry } from "../flush.ts";
import { queueUnavailable } from "../unavailable.ts";
import type { KeptLayout } from "./keep-layout.ts";

/**
 * Queues one request's events, each in the partition of its conversation, and gives their receipts in their order. Throws a
 * 503 unless every partition took its part.
 */
export type Place = (entry: Entry) => Promise<readonly Receipt[]>;

export type EntryBatcher = Batcher<Entry, readonly Receipt[]>;

/** After so long nothing is placed anew: the sender shall know within three seconds. */
const PATIENCE_MS = 500;

/** Events of one request that belong to one partition, and their places in it. */
type Part = { partition: number; entry: Entry; places: number[] };

export function createPlacing({
  layouts,
  openBatcher,
  refusalOf,
  now,
}: {
  layouts: Pick<KeptLayout, "current" | "renew">;
  /** Of one partition, whose flushes all name this layout. */
  openBatcher: (layout: Layout, partition: number) => EntryBatcher;
  refusalOf: (partition: number) => Refusal | null;
  /** Milliseconds. */
  now: () => number;
}): { place: Place; drained: () => Promise<void> } {
  let opened: { layout: Layout; batchers: EntryBatcher[] } | null = null;
  /** Of earlier layouts too, until what is in them has been answered. */
  const busy = new Set<EntryBatcher>();

  const batcherOf = (layout: Layout, partition: number): EntryBatcher => {
    if (opened?.layout !== layout) {
      for (const batcher of busy) void batcher.drained().then(() => busy.delete(batcher));
      const batchers = Array.from({ length: layout.count }, (_, one) => openBatcher(layout, one));
      for (const batcher of batchers) busy.add(batcher);
      opened = { layout, batchers };
    }
    return opened.batchers[partition] as EntryBatcher;
  };

  const put = async (entry: Entry, since: number): Promise<readonly Receipt[]> => {
    const layout = layouts.current();
    if (layout === null) throw queueUnavailable("not connected to the queue yet");
    const parts = partsOf(entry, layout.count);
    for (const { partition } of layout.count === 1 ? [] : parts) {
      const refusal = refusalOf(partition);
      if (refusal !== null) throw new ProblemError(refusal.problem, { retryAfter: refusal.retryAfter });
    }
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return putPart(first, layout, since);
    const receipts: Receipt[] = [];
    const putInto = async (part: Part): Promise<void> => {
      const own = await putPart(part, layout, since);
      part.places.forEach((place, index) => (receipts[place] = own[index] as Receipt));
    };
    await Promise.all(parts.map(putInto));
    return receipts;
  };

  const putPart = async (
    { partition, entry }: Part,
    layout: Layout,
    since: number,
  ): Promise<readonly Receipt[]> => {
    try {
      return await batcherOf(layout, partition).add(entry);
    } catch (error) {
      if (!(error instanceof AnotherLayout)) throw error;
      const left = since + PATIENCE_MS - now();
      const fault =
        left > 0 ? await faultWithin(left, () => layouts.renew(layout), "not yet") : "for too long already";
      if (fault !== null) throw queueUnavailable("the number of partitions is being changed");
    }
    return put(entry, since);
  };

  return {
    place: (entry) => put(entry, now()),
    drained: async () => {
      await Promise.all([...busy].map((batcher) => batcher.drained()));
    },
  };
}

function partsOf(entry: Entry, partitions: number): Part[] {
  const { events, bytes, watch, trace } = entry;
  const whole = (partition: number): Part[] => [{ partition, entry, places: [] }];
  if (partitions === 1) return whole(0);
  const places = Map.groupBy(events.keys(), (index) => {
    const event = events[index];
    return event === undefined ? 0 : partitionOf(conversationIdOf(event), partitions);
  });
  if (places.size === 1) return whole(places.keys().next().value ?? 0);
  return [...places].map(([partition, own]) => ({
    partition,
    entry: {
      events: own.flatMap((index) => events[index] ?? []),
      bytes: Math.ceil((bytes * own.length) / events.length),
      watch,
      trace,
    },
    places: own,
  }));
}
