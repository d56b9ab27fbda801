import type { PartMetrics } from "./picture.ts";

/** What the doctor wants of `/metrics`, in Prometheus' text format. */
export function readMetrics(text: string): PartMetrics {
  const all = (name: string): Array<{ labels: string; value: number }> =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)`, "gm"))].map(([, labels = "", value]) => ({
      labels,
      value: Number(value),
    }));
  const label = (labels: string, name: string): string | null =>
    new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? null;
  const feed = all("fio_stream_feed_up")[0];
  return {
    version: label(all("fio_build_info")[0]?.labels ?? "", "version"),
    node: label(all("nodejs_version_info")[0]?.labels ?? "", "version")?.replace(/^v/, "") ?? null,
    eventLoopSeconds: all("nodejs_eventloop_lag_mean_seconds")[0]?.value ?? 0,
    refused: Object.fromEntries(
      all("fio_ingest_refused_total").map(({ labels, value }) => [label(labels, "code") ?? "", value]),
    ),
    feedUp: feed === undefined ? null : feed.value === 1,
    leftJobs: all("fio_worker_left_jobs_total")[0]?.value ?? 0,
  };
}
