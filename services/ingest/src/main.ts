import cluster from "node:cluster";
import { createLog } from "@fio/service/log";
import { run } from "@fio/service/process";
import { readConfig } from "./config.ts";
import { startIngest } from "./ingest.ts";
import { startPrimary } from "./processes/primary.ts";
import { joinSiblings } from "./processes/siblings.ts";

const log = createLog({ service: "ingest", level: "info" });

await run({
  log,
  // The first of several waits for the others.
  limitMs: cluster.isPrimary ? 9_000 : 8_000,
  start: async ({ fail }) => {
    const config = readConfig(process.env);
    log.level = config.logLevel;
    if (cluster.isPrimary && config.processes > 1) {
      log.info({ processes: config.processes }, "starting several processes behind one port");
      const primary = startPrimary({ count: config.processes, log, fail });
      return [primary.stop];
    }
    const { listening, stop } = await startIngest({
      config,
      log,
      ...(cluster.isWorker ? { siblings: joinSiblings } : {}),
    });
    log.info(
      { url: listening.url, signed: config.signatureKeys.length > 0, agents: config.webKeys.length > 0 },
      "listening",
    );
    return stop;
  },
});
