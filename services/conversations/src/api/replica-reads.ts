import type { Knex } from "knex";
import { repeat } from "@fio/service/repeat";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import { pingStore } from "../store/ping.ts";
import { ReplicaBehind, readCaughtUp, writtenSoFar, type Written } from "../store/replica.ts";
import { askedAfterwards } from "./asked-afterwards.ts";
import { primaryReads, type ReadMetrics, type Reads } from "./reads.ts";
import type { Positioned } from "./snapshot.ts";
import { within } from "./within.ts";

/** A replica in the same place is behind by milliseconds; for one that is not the primary is there. */
const CATCH_UP_MS = 300;
const PRIMARY_MS = 1_000;
const LOOK_MS = 500;

/** What whoever has replayed `written` holds: all that was announced up to `position`. */
type Proven = { position: string | null; written: Written };

/**
 * Reads a replica that holds all that was committed when the read was asked for, as the primary would. Where it cannot be
 * had in time (it is behind, away, or a promoted one) the primary is read, and it is left alone until it has caught
 * up. While the primary is away the replica is read as of what is known to be in it.
 */
export function replicaReads({
  store,
  replica,
  live,
  metrics,
  log,
}: {
  store: Store;
  /** A pool of connections to the replica. */
  replica: Knex;
  live: Positioned;
  metrics: ReadMetrics;
  log: Log;
}): { reads: Reads; stop: () => Promise<void> } {
  const fromPrimary = primaryReads({ store, live, metrics });
  const stopping = new AbortController();
  let usable = true;
  let last: Proven | null = null;

  const prove = askedAfterwards(async (): Promise<Proven> => {
    // First, so that all it names is committed by the time that the primary is asked.
    const position = live.position();
    const written = await within(PRIMARY_MS, writtenSoFar(store), "the primary does not answer in time");
    last = { position, written };
    return last;
  });
  /** Of the primary's own fault what was proven last, if anything. */
  const provenAnyhow = (): Promise<Proven & { primary: boolean }> =>
    prove().then(
      (proven) => ({ ...proven, primary: true }),
      (error: unknown) => {
        if (last === null || !isTransient(error)) throw error;
        return { ...last, primary: false };
      },
    );
  const readReplica = <Value>(written: Written, work: (store: Store) => Promise<Value>): Promise<Value> => {
    const caughtUp = metrics.wait.startTimer();
    return readCaughtUp(replica, { written, limitMs: CATCH_UP_MS }, (knex) => {
      caughtUp();
      return work({ ...store, read: knex });
    });
  };

  const leave = (error: unknown): void => {
    if (usable) log.warn({ err: error }, "reading from the primary: the replica is not usable");
    usable = false;
  };
  const look = async (): Promise<void> => {
    if (usable) return;
    try {
      const { written } = await provenAnyhow();
      await readReplica(written, pingStore);
      usable = true;
      log.info("reading from the replica again");
    } catch (error) {
      log.debug({ err: error }, "the replica is not usable yet");
    }
  };
  const looking = repeat(look, { everyMs: LOOK_MS, signal: stopping.signal });

  const reads: Reads = async (work) => {
    if (!usable) return fromPrimary(work);
    const { position, written, primary } = await provenAnyhow();
    try {
      const value = await readReplica(written, work);
      metrics.reads.inc({ from: "replica" });
      return { value, position };
    } catch (error) {
      if (!isReplicas(error)) throw error;
      leave(error);
      // One that hung in the midst of an answer has used up the time that there is for one.
      if (isTimeout(error) || !primary) throw error;
      return fromPrimary(work);
    }
  };
  return {
    reads,
    stop: async () => {
      stopping.abort();
      await Promise.all([looking, replica.destroy()]);
    },
  };
}

/** Postgres' own limit for a statement, which says nothing of the replica: it would take as long on the primary. */
const STATEMENT_TIMEOUT = "57014";

const isReplicas = (error: unknown): boolean =>
  error instanceof ReplicaBehind ||
  (isTransient(error) && (error as { code?: unknown }).code !== STATEMENT_TIMEOUT);

const isTimeout = (error: unknown): boolean => error instanceof Error && /read timeout/i.test(error.message);
