import cluster, { type Worker } from "node:cluster";
import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { backoffMs } from "@fio/service/backoff";
import type { Log } from "@fio/service/log";
import { openQuestions, type Questions } from "./questions.ts";
import { sumMetrics, type Metrics } from "./sum-metrics.ts";

/** Below what the one that asks waits for. */
const ANSWER_MS = 1_500;
const RESTART = { firstMs: 250, longestMs: 10_000 };
/** One that has run for so long did not end because of how it was started. */
const SETTLED_MS = 30_000;

type Child = { worker: Worker; questions: Questions; listening: boolean; startedAt: number };

/** Keeps `count` processes behind one port. */
export type Primary = {
  /** SIGTERM to all; resolves once they have ended, and rejects when one did not end well. */
  stop: () => Promise<void>;
};

/**
 * Starts the processes of one ingest and starts each again that ends. This one accepts the connections and hands them
 * out in turn, so that a process that crashes takes none with it that it did not have. `fail` when the first ends
 * before it listens: it has said why, and the others would say the same.
 */
export function startPrimary({
  count,
  log,
  fail,
}: {
  count: number;
  log: Log;
  fail: (error: unknown) => void;
}): Primary {
  const children = new Map<number, Child>();
  const timers = new Set<NodeJS.Timeout>();
  const sums = sumMetrics();
  const own = ownMetrics(() => [...children.values()].filter(({ listening }) => listening).length);
  let stopping = false;
  let everListened = false;
  let failures = 0;
  let unclean = 0;
  let allEnded = (): void => {};

  const metrics = async (): Promise<string> => {
    const tell = async ([id, { questions }]: [number, Child]): Promise<void> => {
      const told = (await questions.ask("metrics", ANSWER_MS)) as Metrics;
      if (children.has(id)) sums.told(id, told);
    };
    // Of one that does not answer the last word counts.
    await Promise.allSettled([...children].map(tell));
    return sums.text(await own.metrics());
  };
  /** Any of them may get the next request. */
  const readiness = async (): Promise<string | null> => {
    const listening = [...children.values()].filter((child) => child.listening);
    const faults = await Promise.all(
      listening.map(({ worker, questions }) =>
        questions
          .ask("readiness", ANSWER_MS)
          .catch(() => `process ${worker.process.pid} of this ingest does not answer`),
      ),
    );
    return (
      faults.map((fault) => (typeof fault === "string" ? fault : null)).find((fault) => fault !== null) ??
      null
    );
  };

  const start = (): void => {
    const worker = cluster.fork();
    const child: Child = {
      worker,
      questions: openQuestions({
        channel: {
          // One that has just ended gets no answer.
          send: (message) => worker.isConnected() && worker.send(message, () => {}),
          onMessage: (take) => worker.on("message", take),
        },
        answers: { metrics, readiness },
      }),
      listening: false,
      startedAt: Date.now(),
    };
    children.set(worker.id, child);
    worker.on("error", (error) => log.error({ err: error }, "a process of this ingest cannot be reached"));
    worker.once("listening", () => {
      child.listening = true;
      if (!everListened) {
        everListened = true;
        for (let more = 1; more < count; more += 1) if (!stopping) start();
      }
    });
    worker.once("exit", (code, signal) => {
      children.delete(worker.id);
      sums.ended(worker.id);
      ended(child, code, signal);
    });
  };
  const ended = (child: Child, code: number | null, signal: string | null): void => {
    if (stopping) {
      if (code !== 0) unclean += 1;
      if (children.size === 0) allEnded();
      return;
    }
    if (!everListened) {
      fail(
        new Error(`the first process of this ingest ended before it listened (${signal ?? `code ${code}`})`),
      );
      return;
    }
    own.restarts.inc();
    failures = Date.now() - child.startedAt > SETTLED_MS ? 1 : failures + 1;
    const ms = Math.round(backoffMs(failures, RESTART));
    log.error(
      { pid: child.worker.process.pid, code, signal, restartInMs: ms },
      "a process of this ingest ended",
    );
    const timer = setTimeout(() => {
      timers.delete(timer);
      start();
    }, ms);
    timers.add(timer);
  };

  start();
  return {
    stop: async () => {
      stopping = true;
      for (const timer of timers) clearTimeout(timer);
      const all = new Promise<void>((resolve) => (allEnded = resolve));
      for (const { worker } of children.values()) worker.process.kill("SIGTERM");
      if (children.size > 0) await all;
      if (unclean > 0) throw new Error(`${unclean} processes of this ingest did not end well`);
    },
  };
}

/** What this process itself uses, and what it knows of the others. */
function ownMetrics(listening: () => number) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: "fio_ingest_processes",
    help: "Processes of this ingest that listen; fewer than INGEST_PROCESSES while one is started again.",
    registers,
    collect: function () {
      this.set(listening());
    },
  });
  const restarts = new Counter({
    name: "fio_ingest_process_restarts_total",
    help: "Processes of this ingest that ended by themselves and were started again.",
    registers,
  });
  return {
    restarts,
    /** An idle event loop would only make the others' look better. */
    metrics: async (): Promise<Metrics> =>
      (await registry.getMetricsAsJSON()).filter(({ name }) => /^(process_|fio_)/.test(name)),
  };
}
