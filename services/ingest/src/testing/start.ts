import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { QUEUE_NAME, REDIS_PREFIX, type Job, type Problem } from "@fio/contracts";
import { createLog } from "@fio/service/log";
import { until } from "../../../../test/support/until.ts";
import { readConfig } from "../config.ts";
import { startIngest } from "../ingest.ts";

/** `body` is the parsed JSON: each test asserts its own shape. */
export type Answer = {
  status: number;
  headers: Headers;
  body: {
    status?: unknown;
    receipt?: string;
    receipts?: string[];
    results?: Array<{ status: string; receipt: string; duplicate_of?: string; problem?: Problem }>;
    duplicate_of?: string;
  } & Partial<Omit<Problem, "status" | "receipt">>;
  ms: number;
};

export type TestIngest = {
  url: string;
  post: (
    body: unknown,
    options?: { headers?: Record<string, string>; path?: string; method?: string },
  ) => Promise<Answer>;
  ready: () => Promise<boolean>;
  metrics: () => Promise<string>;
  stop: () => Promise<void>;
};

/** An ingest on a free port, wired as in production. Resolves once it is ready, unless `ready` is false. */
export async function startTestIngest({
  redisUrl,
  env = {},
  ready: awaited = true,
}: {
  redisUrl: string;
  env?: Record<string, string>;
  ready?: boolean;
}): Promise<TestIngest> {
  const config = readConfig({ REDIS_URL: redisUrl, INGEST_PORT: "0", ...env });
  const log = createLog({ service: "ingest", level: "silent" });
  const { listening, stop } = await startIngest({ config, log });
  const { url } = listening;
  const ready = async (): Promise<boolean> => (await fetch(`${url}/readyz`)).status === 200;
  if (awaited) await until(ready, { what: "ingest is ready" });
  return {
    url,
    ready,
    post: async (body, { headers = {}, path = "/webhook/", method = "POST" } = {}) => {
      const started = performance.now();
      const raw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: raw ? (body as RequestInit["body"]) : JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
      const answer = (await response.json()) as Answer["body"];
      const ms = performance.now() - started;
      return { status: response.status, headers: response.headers, body: answer, ms };
    },
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    stop: async () => {
      for (const step of stop) await step();
    },
  };
}

/** The queue as its workers see it. */
export function openTestQueue(redisUrl: string) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  const queue = new Queue<Job>(QUEUE_NAME, { connection: redis, prefix: REDIS_PREFIX });
  queue.on("error", () => {});
  return {
    redis,
    /** The jobs that wait, oldest first. */
    jobs: async (): Promise<Job[]> => (await queue.getJobs(["wait"], 0, -1, true)).map(({ data }) => data),
    /** All events that wait, in the order of their jobs. */
    events: async () => (await queue.getJobs(["wait"], 0, -1, true)).flatMap(({ data }) => data.events),
    empty: async () => {
      await queue.drain();
    },
    close: async () => {
      await queue.close();
      redis.disconnect();
    },
  };
}
export type TestQueue = ReturnType<typeof openTestQueue>;
