import type { JobEvent } from "@fio/contracts";
import { describeError } from "@fio/service/describe-error";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import { prepareWords } from "../store/message-words.ts";
import type { Applier } from "./applier.ts";
import { readJob, type JobContent } from "./read-job.ts";
import { Stopped, type Group } from "./group.ts";
import type { Metrics } from "./metrics.ts";
import type { Presence } from "./presence.ts";
import { SUSPECT_KILLS, quarantine } from "./quarantine.ts";

/** `handed_back`: the worker stops before it is done; another one shall have it. */
export type Processed =
  | { kind: "done" }
  | { kind: "handed_back" }
  /** It is of a later version of Fio: a worker of that version shall have it. */
  | { kind: "left"; version: number }
  | { kind: "unreadable"; detail: string }
  /** An event can neither be applied nor kept, whatever is tried. */
  | { kind: "given_up"; detail: string };

/** How often a job is tried whose events can neither be applied nor kept, a second apart. */
const MAX_TRIES = 5;

type Tries = {
  /** How often whoever had the job in hand did not renew its lock in time. */
  stalls: number;
  /** How often that one is known to have ended. */
  kills: number;
  /** How often it has failed before. */
  failures: number;
};

/** `ahead`: it was accepted while an old backlog waited, and goes before it. */
export type Process = (job: { data: unknown; ahead: boolean } & Tries) => Promise<Processed>;

/** A job that is left comes back every few seconds, and with it all others of its kind. */
const SAID_AGAIN_MS = 60_000;

/** Throws when an event could neither be applied nor kept, and the store answers: then try the job later. */
export function createProcessor({
  store,
  applier,
  group,
  presence,
  ownId,
  log,
  metrics,
  stopping,
}: {
  store: Store;
  applier: Applier;
  group: Group;
  presence: Presence;
  /** Of this worker. */
  ownId: string;
  log: Log;
  metrics: Metrics;
  stopping: AbortSignal;
}): Process {
  const apply = async (
    events: JobEvent[],
    { ahead, stalls, kills, failures }: Tries & { ahead: boolean },
  ): Promise<void> => {
    if (events.length === 0) return;
    if (kills >= SUSPECT_KILLS) {
      metrics.quarantinedJobs.inc();
      await group.alone(() => quarantine({ store, applier, presence, ownId, events, stalls, log, stopping }));
    } else if (failures === 0) await group.submit(events, { ahead });
    // By itself, so that those that shared its transaction no longer fail with it.
    else await group.alone(async () => (await applier.commit(events)).announced);
  };

  const carryOut = async (
    { events, malformed }: JobContent,
    tries: Tries & { ahead: boolean },
  ): Promise<void> => {
    await apply(events, tries);
    for (const one of malformed) {
      const { announced } = await applier.keepMalformed(one);
      await announced;
    }
  };

  const giveUp = ({ events, malformed }: JobContent, error: unknown): Processed => {
    metrics.jobsGivenUp.inc();
    const receipts = [...events, ...malformed.map(({ accepted }) => accepted)].map(({ receipt }) => receipt);
    log.error(
      { err: error, tries: MAX_TRIES, receipts },
      "a job can neither be applied nor kept; it stays whole in the queue's failed set",
    );
    return { kind: "given_up", detail: describeError(error) };
  };

  let saidAt = -Infinity;
  const leave = (version: number): Processed => {
    metrics.jobsLeft.inc();
    if (performance.now() - saidAt >= SAID_AGAIN_MS) {
      saidAt = performance.now();
      log.warn({ version }, "a job of a later version of Fio stays in the queue for a worker that knows it");
    }
    return { kind: "left", version };
  };

  return async ({ data, ...tries }) => {
    const content = readJob(data);
    if (content.newer !== null) return leave(content.newer);
    // While the database is busy with the transaction before: in its own it would hold locks meanwhile.
    prepareWords(content.events);
    try {
      await carryOut(content, tries);
    } catch (error) {
      if (stopping.aborted && (error instanceof Stopped || isTransient(error)))
        return { kind: "handed_back" };
      if (tries.failures + 1 < MAX_TRIES) throw error;
      return giveUp(content, error);
    }
    if (content.unreadable === null) return { kind: "done" };
    metrics.jobsUnreadable.inc();
    return { kind: "unreadable", detail: content.unreadable };
  };
}
