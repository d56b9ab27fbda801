/** W3C `traceparent` of version 00: which trace something belongs to, below which span, and whether that is recorded. */
export type TraceContext = string;

/* A later version may have more behind it. */
const FORM = /^(?!ff)([\da-f]{2})-((?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2})(-.*)?$/;

/** Of a `traceparent` header, or of a job; `null` where there is none that can be read. */
export function readTraceContext(given: unknown): TraceContext | null {
  if (typeof given !== "string") return null;
  const [, version, context, more] = FORM.exec(given) ?? [];
  return context === undefined || (version === "00" && more !== undefined) ? null : `00-${context}`;
}

export type TraceParts = { traceId: string; spanId: string; traceFlags: number };

export function traceParts(context: TraceContext): TraceParts {
  const [, traceId = "", spanId = "", flags = "00"] = context.split("-");
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** For a log line: each trace once, nothing where there is none. */
export function traceIds(traced: ReadonlyArray<{ trace?: TraceContext }>): { traces?: string[] } {
  const found = traced.flatMap(({ trace }) => (trace === undefined ? [] : traceParts(trace).traceId));
  return found.length === 0 ? {} : { traces: [...new Set(found)] };
}
