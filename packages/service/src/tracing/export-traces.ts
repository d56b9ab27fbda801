import { ROOT_CONTEXT, SpanKind, SpanStatusCode, diag, trace, type SpanContext } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { faultWithin } from "../fault-within.ts";
import type { Log } from "../log.ts";
import { VERSION } from "../version.ts";
import { traceParts } from "./trace-context.ts";
import { carriedOn, type Tracing } from "./tracing.ts";

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;
const WARN_EVERY_MS = 60_000;
const LAST_EXPORT_MS = 1_000;

/**
 * Sends spans to a collector by OTLP over HTTP, some at a time; what it does not take is dropped, and told of in the log
 * once a minute. A sender's own decision whether to record a trace holds; of the others a `share` is recorded.
 */
export function exportTraces({
  service,
  endpoint,
  share,
  log,
}: {
  service: string;
  endpoint: string;
  share: number;
  log: Log;
}): Tracing {
  tellOfFaults(log);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `fio-${service}`, "service.version": VERSION }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 5_000 }),
        scheduledDelayMillis: 1_000,
      }),
    ],
  });
  const tracer = provider.getTracer("fio");

  return {
    begin: (work) => {
      const { name, kind, parent, at, facts } = work;
      const above =
        parent === null
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, { ...traceParts(parent), isRemote: true });
      const span = tracer.startSpan(
        name,
        { kind: KINDS[kind], attributes: facts ?? {}, ...(at === undefined ? {} : { startTime: at }) },
        above,
      );
      if (!span.isRecording()) return carriedOn.begin(work);
      return {
        context: contextOf(span.spanContext()),
        end: (ending) => {
          if (ending?.facts !== undefined) span.setAttributes(ending.facts);
          if (ending?.failed !== undefined)
            span.setStatus({ code: SpanStatusCode.ERROR, message: ending.failed });
          span.end(ending?.at);
        },
      };
    },
    stop: async () => {
      const fault = await faultWithin(LAST_EXPORT_MS, () => provider.shutdown(), "the collector is silent");
      if (fault !== null) log.debug({ fault }, "the last traces were not exported");
    },
  };
}

const contextOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

function tellOfFaults(log: Log): void {
  let told = -Infinity;
  const tell = (message: string): void => {
    if (performance.now() - told < WARN_EVERY_MS) return;
    told = performance.now();
    log.warn({ detail: message.slice(0, 200) }, "traces were not exported");
  };
  const quiet = (): void => undefined;
  diag.setLogger({ error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet });
}
