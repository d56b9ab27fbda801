import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { sumMetrics, type Metrics } from "./sum-metrics.ts";

/** What a process with these counts tells, as it comes out of the channel. */
async function told({ accepted, waiting, took }: { accepted: number; waiting: number; took: number[] }) {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "accepted", help: "-", registers }).inc(accepted);
  new Gauge({ name: "waiting", help: "-", registers }).set(waiting);
  const seconds = new Histogram({ name: "seconds", help: "-", buckets: [1], registers });
  for (const each of took) seconds.observe(each);
  return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())) as Metrics;
}

test("counts, gauges and histograms of all are added up", async () => {
  const sums = sumMetrics();
  sums.told(1, await told({ accepted: 3, waiting: 1, took: [0.5] }));
  sums.told(2, await told({ accepted: 4, waiting: 1, took: [0.5, 2] }));
  const text = await sums.text([]);
  expect(text).toContain("\naccepted 7\n");
  expect(text).toContain("\nwaiting 2\n");
  expect(text).toContain('seconds_bucket{le="1"} 2\n');
  expect(text).toContain("seconds_count 3\n");
});

test("what a process has counted stays when it ends, again and again; what it held does not", async () => {
  const sums = sumMetrics();
  for (const process of [1, 2, 3]) {
    sums.told(process, await told({ accepted: 5, waiting: 1, took: [2] }));
    sums.ended(process);
  }
  sums.told(4, await told({ accepted: 1, waiting: 1, took: [] }));
  const text = await sums.text([]);
  expect(text).toContain("\naccepted 16\n");
  expect(text).toContain("\nwaiting 1\n");
  expect(text).toContain("seconds_count 3\n");
});
