import { describe, expect, test } from "vitest";
import { readDoctorConfig } from "./config.ts";
import { readMetrics } from "./read-metrics.ts";
import { skewOf } from "./skew.ts";

test("another clock is off by as much as no delay can explain", () => {
  const asked = { before: 1_000, after: 1_200 };
  expect(skewOf({ ...asked, from: 1_100 })).toBe(0);
  expect(skewOf({ ...asked, from: 1_250 })).toBe(50);
  expect(skewOf({ ...asked, from: 900 })).toBe(-100);
  // A header tells whole seconds.
  expect(skewOf({ ...asked, from: 0, to: 999 })).toBe(-1);
  expect(skewOf({ ...asked, from: 1_000, to: 1_999 })).toBe(0);
});

test("of a part's metrics it takes what it shows", () => {
  const text = [
    "# TYPE fio_build_info gauge",
    'fio_build_info{version="0.2.0"} 1',
    'nodejs_version_info{version="v24.1.0",major="24"} 1',
    "nodejs_eventloop_lag_mean_seconds 0.0105",
    'fio_ingest_refused_total{code="SIGNATURE_INVALID"} 3',
    "fio_stream_feed_up 0",
    "fio_worker_left_jobs_total 2",
  ].join("\n");
  expect(readMetrics(text)).toEqual({
    ...{ version: "0.2.0", node: "24.1.0", eventLoopSeconds: 0.0105, feedUp: false, leftJobs: 2 },
    refused: { SIGNATURE_INVALID: 3 },
  });
  expect(readMetrics("")).toEqual({
    ...{ version: null, node: null, eventLoopSeconds: 0, feedUp: null, refused: {}, leftJobs: 0 },
  });
});

describe("where it looks", () => {
  test("as npm start has it, unless the environment says otherwise", () => {
    expect(readDoctorConfig({}).parts).toEqual([
      { name: "ingest", url: "http://127.0.0.1:8000" },
      { name: "conversations", url: "http://127.0.0.1:8001" },
      { name: "web", url: "http://127.0.0.1:3000" },
    ]);
    expect(readDoctorConfig({ DATA_DIR: "/data" })).toMatchObject({
      ...{ databaseUrl: "sqlite:/data/fio.db", paths: ["/data"], redisUrl: undefined },
    });
  });
  test("a worker of its own is asked apart from the api", () => {
    const { parts } = readDoctorConfig({ WORKER_URL: "http://worker:8001/", API_URL: "http://api:8001" });
    expect(parts.slice(1, 3)).toEqual([
      { name: "worker", url: "http://worker:8001" },
      { name: "api", url: "http://api:8001" },
    ]);
  });
  test("a wrong setting is told by its name", () => {
    expect(() => readDoctorConfig({ API_URL: "api:8001" })).toThrow("API_URL: must begin with http://");
    expect(() => readDoctorConfig({ REDIS_URL: "x" })).toThrow("REDIS_URL: must begin with redis://");
  });
});
