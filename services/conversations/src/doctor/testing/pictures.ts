import type { Picture, RedisReading, StoreReading } from "../picture.ts";

type Answer<Reading extends { kind: string }> = Extract<Reading, { kind: "answers" }>;

/** A system in which all is well; each test says what is not. */
export const wellPart = {
  ...{ name: "ingest", kind: "answers", address: "http://127.0.0.1:8000", fault: null, skewMs: 0 },
  metrics: {
    version: "0.1.0",
    node: "24.1.0",
    eventLoopSeconds: 0.01,
    refused: {},
    feedUp: null,
    leftJobs: 0,
  },
} as const satisfies Picture["parts"][number];

export const wellRedis: Answer<RedisReading> = {
  ...{ kind: "answers", address: "127.0.0.1:6379", version: "8.0.0", risks: [], memoryShare: 0.01 },
  ...{ evictedKeys: 0, persistence: { lastWrite: "ok", lastRewrite: "ok" }, skewMs: 0, failedJobs: 0 },
  queue: {
    jobs: { waiting: 0, active: 0, delayed: 0 },
    events: { waiting: 0, active: 0, delayed: 0 },
    ...{ oldestMs: null, jobsDone: 10, clockMs: 0 },
  },
};

export const wellStore: Answer<StoreReading> = {
  ...{ kind: "answers", address: "db/fio", dialect: "postgres", version: "18.1", encoding: "UTF8" },
  ...{ schemaFault: null, mostConnections: 100, skewMs: 0, unapplied: {}, outbox: { count: 0, oldestMs: 0 } },
  unfinishedErasures: 0,
  answers: { waiting: 0, oldestMs: 0, failed: 0 },
  roles: [{ name: "fio_worker", superuser: false, connections: 4 }],
};
