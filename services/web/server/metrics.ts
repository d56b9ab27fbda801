import type { IncomingMessage, ServerResponse } from "node:http";
import { Counter, Gauge, Histogram } from "prom-client";
import { createRegistry } from "@fio/service/registry";
import type { FetchMedia } from "./media/fetch-media.ts";
import type { RouteOf } from "./route-of.ts";

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const isStream = (response: ServerResponse): boolean =>
  response.headersSent && String(response.getHeader("content-type")).startsWith("text/event-stream");

/** The web app's own, in a registry of theirs. */
export function createMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  const open = new Set<ServerResponse>();
  const requests = new Counter({
    name: "fio_web_requests_total",
    help: "Requests that were answered, by route and status; 0 is one whose client left before.",
    labelNames: ["route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "fio_web_request_seconds",
    help: "From a request until its answer was handed to the network, by route; without live streams.",
    labelNames: ["route"],
    buckets: SECONDS,
    registers,
  });
  const upstreamErrors = new Counter({
    name: "fio_web_upstream_errors_total",
    help: "Calls of ingest or of the read API that failed or were answered 5xx, by which.",
    labelNames: ["upstream"],
    registers,
  });
  const media = new Counter({
    name: "fio_web_media_total",
    help: "Files of messages that agents asked for, by what came of it: file, gone, forbidden, too_large, failed, busy.",
    labelNames: ["outcome"],
    registers,
  });
  new Gauge({
    name: "fio_web_stream_clients",
    help: "Browsers that hold the live stream; the tabs of one browser share one.",
    registers,
    collect: function () {
      this.set([...open].filter(isStream).length);
    },
  });
  // A rate needs the 0 before the first.
  for (const upstream of ["ingest", "api"] as const) upstreamErrors.inc({ upstream }, 0);

  return {
    registry,
    /** Counts a request once its answer has gone out. */
    observe: (request: IncomingMessage, response: ServerResponse, routeOf: RouteOf): void => {
      const startedAt = performance.now();
      open.add(response);
      response.once("close", () => {
        open.delete(response);
        const route = routeOf(request.url ?? "");
        requests.inc({ route, status: response.headersSent ? response.statusCode : 0 });
        if (!isStream(response)) seconds.observe({ route }, (performance.now() - startedAt) / 1_000);
      });
    },
    countedMedia:
      (fetchMedia: FetchMedia): FetchMedia =>
      async (...asked) => {
        const fetched = await fetchMedia(...asked);
        media.inc({ outcome: fetched.kind });
        return fetched;
      },
    /** `fetch` that counts what fails. A call that its caller ends is no failure. */
    counted:
      (upstream: "ingest" | "api", call: typeof fetch): typeof fetch =>
      async (input, init) => {
        try {
          const answer = await call(input, init);
          if (answer.status >= 500) upstreamErrors.inc({ upstream });
          return answer;
        } catch (error) {
          if (!(error instanceof Error && error.name === "AbortError")) upstreamErrors.inc({ upstream });
          throw error;
        }
      },
  };
}
