import { z } from "zod";
import type { Log } from "../log.ts";
import { serviceUrl } from "../env.ts";
import { carriedOn, type Tracing } from "./tracing.ts";

/** As OpenTelemetry names them. Headers for the collector (`OTEL_EXPORTER_OTLP_HEADERS`) its exporter reads itself. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: serviceUrl.optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ message: "must be a share, 0 to 1" })
    .min(0, { message: "must be a share, 0 to 1" })
    .max(1, { message: "must be a share, 0 to 1" })
    .default(0.01),
};

/** `share`: of the requests that bring no trace of their own. */
export type TracingConfig = { endpoint: string; share: number } | null;

export const tracingOf = (given: {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_TRACES_SAMPLER_ARG: number;
}): TracingConfig =>
  given.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? null
    : { endpoint: given.OTEL_EXPORTER_OTLP_ENDPOINT, share: given.OTEL_TRACES_SAMPLER_ARG };

/** The SDK is loaded only where traces are exported. */
export async function openTracing({
  service,
  config,
  log,
}: {
  service: string;
  config: TracingConfig;
  log: Log;
}): Promise<Tracing> {
  if (config === null) return carriedOn;
  const { exportTraces } = await import("./export-traces.ts");
  return exportTraces({ service, ...config, log });
}
