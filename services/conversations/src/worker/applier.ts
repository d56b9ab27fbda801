import { receiptMilliseconds, type JobEvent, type Receipt } from "@fio/contracts";
import { describeError } from "@fio/service/describe-error";
import { eventNames } from "@fio/service/event-names";
import type { Log } from "@fio/service/log";
import type { Summary } from "@fio/service/summary";
import { traceIds } from "@fio/service/tracing/trace-context";
import type { Tracing } from "@fio/service/tracing/tracing";
import { keepDisplaced, keepInternalError, settleStep, type Applied, type Batch } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import { untilDone } from "../store/retry.ts";
import type { Announcer } from "./announcer.ts";
import type { MalformedEvent } from "./read-job.ts";
import type { Metrics } from "./metrics.ts";
import type { WriteHealth } from "./write-health.ts";
import { repliesTo } from "./replies.ts";
import type { SettleStep } from "./settler.ts";
import { traceApplied } from "./trace-applied.ts";

export type Apply = (store: Store, batch: Batch) => Promise<Applied>;

/** Resolved with the commit; `announced` once everyone who listens has heard of it. */
export type Committed = { announced: Promise<void> };

export type Applier = {
  /** Brings events into the store, come what may; one that fails alone is kept as INTERNAL_ERROR. */
  commit: (events: JobEvent[]) => Promise<Committed>;
  /** One event that is being tried alone: its poison mark is committed with its transaction. */
  commitMarked: (event: JobEvent) => Promise<Committed>;
  /** One event whose process did not survive it. */
  keepKiller: (event: JobEvent, detail: string) => Promise<Committed>;
  keepMalformed: (event: MalformedEvent) => Promise<Committed>;
  /** Of the events that a creation or a late close left for later, the next ones. */
  settleStep: SettleStep;
};

/**
 * Passing faults of the store are waited out, however long; only `stopping` ends that, and then throws the fault.
 */
export function createApplier({
  store,
  apply,
  announcer,
  graceSeconds,
  takenUpTo,
  now,
  log,
  metrics,
  onUnsettled,
  summary,
  health,
  tracing,
  stopping,
  freshReceipt,
  delivers,
  onDeliveries,
}: {
  store: Store;
  apply: Apply;
  /** Gives a receipt that nobody else has. Throws when Redis does not. */
  freshReceipt: () => Promise<Receipt>;
  announcer: Announcer;
  graceSeconds: number;
  /** All that was accepted before this time has been applied. */
  takenUpTo: () => number;
  now: () => number;
  log: Log;
  metrics: Metrics;
  /** Told, after a commit, which conversations need further steps. */
  onUnsettled: (conversations: readonly string[]) => void;
  summary: Summary;
  health: WriteHealth;
  tracing: Tracing;
  stopping: AbortSignal;
  /** Whether what agents write leaves. */
  delivers: boolean;
  /** Told, after a commit, which conversations have something to send. */
  onDeliveries: (conversations: readonly string[]) => void;
}): Applier {
  /** Runs a transaction until it is committed, and tells of it. */
  const transact = async (
    events: JobEvent[],
    work: (sideWrites: { now: number; announced: string[]; delivers: boolean }) => Promise<Applied>,
  ): Promise<Committed & { unsettled: string[] }> => {
    let began = 0;
    let announcedRows: string[] = [];
    const attempt = (): Promise<Applied> => {
      began = now();
      announcedRows = announcer.announced();
      return work({ now: began, announced: announcedRows, delivers });
    };
    const onFault = (error: unknown, tries: number): void => {
      metrics.storeFaults.inc();
      summary.add("storeErrors");
      health.failed(error);
      // Once per outage, and then now and again: retries come every second.
      const level = tries === 1 || tries % 60 === 0 ? "warn" : "debug";
      log[level]({ err: error, tries, events: events.length }, "store error, retrying");
    };
    const applied = await untilDone(attempt, { signal: stopping, onFault });
    announcer.dropped(announcedRows);
    health.committed();
    if (applied.toDeliver.length > 0) onDeliveries(applied.toDeliver);
    const committed = now();
    const displaced = events.filter((one) => applied.displaced.includes(one));
    const own = displaced.length === 0 ? events : events.filter((one) => !displaced.includes(one));
    measure(metrics, { events: own, applied, committed, seconds: (committed - began) / 1000 });
    tellOf({ log, summary }, { events: own, applied, ms: committed - began });
    traceApplied(tracing, { events: own, outcomes: applied.outcomes, began, committed });
    const announced = [tell(own, applied)];
    for (const one of displaced) announced.push((await keepUnderAnother(one)).announced);
    return { announced: Promise.all(announced).then(() => {}), unsettled: applied.unsettled };
  };

  /** Two different events under one receipt: Redis gave it twice. */
  const keepUnderAnother = async (event: JobEvent): Promise<Committed> => {
    const receipt = await freshReceipt();
    const committed = await transact([event], (sideWrites) =>
      keepDisplaced(store, { ...sideWrites, poisonMark: null, accepted: event, receipt }),
    );
    metrics.sharedReceipts.inc();
    log.error(
      { given: event.receipt, receipt, type: event.event.type },
      "another event has this receipt too: kept as INTERNAL_ERROR under a receipt of its own",
    );
    return committed;
  };

  /** One that brings events, and may leave others of their conversations for later. */
  const transactEvents: typeof transact = async (events, work) => {
    const committed = await transact(events, work);
    onUnsettled(committed.unsettled);
    return committed;
  };

  const tell = async (events: JobEvent[], applied: Applied): Promise<void> => {
    const { outcomes, announcement, waiterReplies } = applied;
    const grace = { graceSeconds, now: now(), takenUpTo: takenUpTo() };
    const replies = repliesTo(events, outcomes, { waiterReplies, ...grace });
    const done = await announcer.announce(announcement, replies);
    if (!done) return;
    const at = now();
    for (const { receipt } of events) metrics.acceptToAnnounced.observe(secondsSince(receipt, at));
  };

  const keepAs = async (event: JobEvent, detail: string, poisonMark: Receipt | null): Promise<Committed> => {
    const committed = await transactEvents([event], (sideWrites) =>
      keepInternalError(store, { ...sideWrites, poisonMark, accepted: event, detail }),
    );
    const facts = { receipt: event.receipt, type: event.event.type, ...traceIds([event]) };
    log.error({ ...facts, detail }, "kept as INTERNAL_ERROR");
    return committed;
  };

  /** Halves what fails until the one that is to blame stands alone: its neighbours get in. */
  const commit = async (events: JobEvent[]): Promise<Committed> => {
    try {
      return await transactEvents(events, (sideWrites) =>
        apply(store, { ...sideWrites, poisonMark: null, events }),
      );
    } catch (error) {
      return await apart(events, error);
    }
  };

  const apart = async (events: JobEvent[], error: unknown): Promise<Committed> => {
    if (isTransient(error)) throw error;
    log.error({ err: error, events: events.length }, "a transaction failed, applying its events apart");
    const [first] = events;
    if (events.length === 1 && first !== undefined) return keepAs(first, describeError(error), null);
    const middle = Math.ceil(events.length / 2);
    const announced: Promise<void>[] = [];
    const failures: unknown[] = [];
    for (const half of [events.slice(0, middle), events.slice(middle)]) {
      try {
        announced.push((await commit(half)).announced);
      } catch (failure) {
        if (isTransient(failure)) throw failure;
        // An event that cannot even be kept: the other half gets in all the same.
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
    return { announced: Promise.all(announced).then(() => {}) };
  };

  return {
    commit,
    commitMarked: async (event) => {
      try {
        const poisonMark = event.receipt;
        return await transactEvents([event], (sideWrites) =>
          apply(store, { ...sideWrites, poisonMark, events: [event] }),
        );
      } catch (error) {
        if (isTransient(error)) throw error;
        return keepAs(event, describeError(error), event.receipt);
      }
    },
    keepKiller: (event, detail) => keepAs(event, detail, event.receipt),
    settleStep: async (conversation, limit) => {
      const { unsettled } = await transact([], (sideWrites) =>
        settleStep(store, { ...sideWrites, poisonMark: null, conversation, limit }),
      );
      return unsettled.length > 0;
    },
    keepMalformed: ({ accepted, reply, detail }) =>
      keepAs(reply === undefined ? accepted : { ...accepted, reply }, detail, null),
  };
}

const secondsSince = (receipt: Receipt, at: number): number =>
  Math.max(0, at - receiptMilliseconds(receipt)) / 1000;

function measure(
  metrics: Metrics,
  {
    events,
    applied,
    committed,
    seconds,
  }: { events: readonly JobEvent[]; applied: Applied; committed: number; seconds: number },
): void {
  metrics.transactionEvents.observe(events.length);
  metrics.transactionSeconds.observe(seconds);
  for (const { receipt } of events) {
    metrics.acceptToApplied.observe(secondsSince(receipt, committed));
    const outcome = applied.outcomes.get(receipt);
    if (outcome === undefined) continue;
    metrics.outcomes.inc({ outcome: outcome.kind });
    if (outcome.kind === "rejected") metrics.rejections.inc({ reason: outcome.reason });
  }
}

/** A line for each transaction at debug, by which any of its events is found; counts for the line a minute at info. */
function tellOf(
  { log, summary }: { log: Log; summary: Summary },
  { events, applied, ms }: { events: readonly JobEvent[]; applied: Applied; ms: number },
): void {
  const { outcomes, conversations } = applied;
  const counts = Object.groupBy(events, ({ receipt }) => outcomes.get(receipt)?.kind ?? "unknown");
  for (const [kind, of] of Object.entries(counts)) summary.add(kind, of.length);
  summary.add("events", events.length);
  summary.add("transactions");
  summary.highest("slowestMs", ms);
  if (!log.isLevelEnabled("debug")) return;
  const kinds = Object.fromEntries(Object.entries(counts).map(([kind, of]) => [kind, of.length]));
  const receipts = events.map(({ receipt }) => receipt);
  log.debug(
    {
      events: events.length,
      conversations,
      ...kinds,
      ms,
      ...eventNames(events, receipts),
      ...traceIds(events),
    },
    "applied",
  );
}
