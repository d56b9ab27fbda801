import { pino, type Logger } from "pino";

export type Log = Logger;

/** JSON lines on standard output; pretty when that is a terminal. */
export function createLog({ service, level }: { service: string; level: string }): Log {
  const pretty = process.stdout.isTTY ? { transport: { target: "pino-pretty" } } : {};
  return pino({ name: service, level, ...pretty });
}
