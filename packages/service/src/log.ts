import { pino, type DestinationStream, type Logger } from "pino";

export type Log = Logger;

/**
 * JSON lines on standard output; pretty when that is a terminal. Of an error only what says where and why: libraries
 * hang more on theirs (ioredis the command with its arguments, pg the row), which is content, or a password.
 */
export function createLog({
  service,
  level,
  to,
}: {
  service: string;
  level: string;
  to?: DestinationStream;
}): Log {
  const options = { name: service, level, serializers: { err: faultOf } };
  if (to !== undefined) return pino(options, to);
  const pretty = process.stdout.isTTY ? { transport: { target: "pino-pretty" } } : {};
  return pino({ ...options, ...pretty });
}

type Fault = {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown[];
};

/** Nested ones too, but not without end: a cause may name itself. */
function faultOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an error" };
  const fault: Fault = { type: error.name, message: error.message };
  if ("code" in error && typeof error.code === "string") fault.code = error.code;
  if (error.stack !== undefined) fault.stack = error.stack;
  if (depth >= 3) return fault;
  if (error.cause instanceof Error) fault.cause = faultOf(error.cause, depth + 1);
  if (error instanceof AggregateError) fault.errors = error.errors.map((one) => faultOf(one, depth + 1));
  return fault;
}
