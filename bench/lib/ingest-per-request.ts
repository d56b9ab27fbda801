import { createLog } from "@fio/service/log";
import { run } from "@fio/service/process";
import { readConfig } from "../../services/ingest/src/config.ts";
import { startIngest } from "../../services/ingest/src/ingest.ts";

/** Ingest without micro-batches: a job for every request, as soon as it comes. */
const log = createLog({ service: "ingest-per-request", level: "info" });

await run({
  log,
  limitMs: 8_000,
  start: async () => {
    const config = readConfig(process.env);
    const limits = {
      maxEvents: 1,
      maxBytes: 1,
      maxInFlight: Infinity,
      deadlineMs: 2_500,
      gatherMs: 0,
      gatherEvents: 1,
    };
    return (await startIngest({ config, log, limits })).stop;
  },
});
