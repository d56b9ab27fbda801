import { Worker, type Job, type Processor, type WorkerOptions } from "bullmq";

/** Seconds that one command waits for a job: less than a connection may be silent. */
const WAITS = 2;

/** What goes for every worker of ours, whatever its queue. */
const COMMON = {
  // Whatever stalls is tried again: work is idempotent, and what kills is found out in another way.
  maxStalledCount: 1_000_000_000,
  // Its own would leave a worker idle for 15 s after an outage.
  runRetryDelay: 500,
  drainDelay: WAITS,
  // It would ask for INFO, which this user may not be allowed, and remember for ever that it failed.
  skipVersionCheck: true,
} as const satisfies Partial<WorkerOptions>;

/** Whether another job is fetched together with the report that one is done; `end` when it has come, or there was none. */
export type FetchGate = { begin: () => boolean; end: () => void };

/** BullMQ's worker on connections of ours: it waits for a job that is delayed no longer in one command than for any other. */
export class QueueWorker<Data> extends Worker<Data> {
  readonly #gate: FetchGate | undefined;

  constructor(
    name: string,
    processor: Processor<Data>,
    { gate, ...options }: WorkerOptions & { gate?: FetchGate },
  ) {
    super(name, processor, { ...COMMON, ...options });
    this.#gate = gate;
  }

  override get maximumBlockTimeout(): number {
    return WAITS;
  }

  override async processJob(
    job: Job<Data>,
    token: string,
    fetchNext?: () => boolean,
  ): ReturnType<Worker<Data>["processJob"]> {
    const gate = this.#gate;
    if (gate === undefined) return super.processJob(job, token, fetchNext);
    // A report that fails is tried again, and asks again.
    const next = { isFetched: false };
    try {
      return await super.processJob(job, token, () => (next.isFetched ||= gate.begin()));
    } finally {
      if (next.isFetched) gate.end();
    }
  }
}
