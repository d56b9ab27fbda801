import { pino } from "pino";
import { Registry } from "prom-client";
import { openStore } from "../../store/connect.ts";
import type { Apply } from "../applier.ts";
import { startWorker } from "../worker.ts";
import { QUICK } from "./quick.ts";

/** The worker of a process that does nothing else; `apply` is what is odd about it. */
export function startOwnProcessWorker({
  redisUrl,
  databaseUrl,
  apply,
}: {
  redisUrl: string;
  databaseUrl: string;
  apply: Apply;
}): void {
  startWorker({
    store: openStore(databaseUrl),
    redisUrl,
    registry: new Registry(),
    graceSeconds: 6,
    log: pino({ level: "silent" }),
    timing: QUICK,
    apply,
  });
}
