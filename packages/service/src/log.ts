import { pino, type DestinationStream, type Logger } from "pino";
import { errorFacts } from "./describe-error.ts";

export type Log = Logger;

/**
 * JSON lines on standard output; pretty when that is a terminal. An error is logged as `err`, and is then without
 * content and secrets.
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
  const options = { name: service, level, serializers: { err: (error: unknown) => errorFacts(error) } };
  if (to !== undefined) return pino(options, to);
  const pretty = process.stdout.isTTY ? { transport: { target: "pino-pretty" } } : {};
  return pino({ ...options, ...pretty });
}
