import { pino, type DestinationStream, type Logger } from "pino";
import { errorFacts } from "./describe-error.ts";
import { standardOutput } from "./standard-output.ts";

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
  if (to === undefined && process.stdout.isTTY) {
    return pino({ ...options, transport: { target: "pino-pretty" } });
  }
  return pino(options, to ?? standardOutput());
}
