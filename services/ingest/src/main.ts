import { createLog } from "@fio/service/log";
import { run } from "@fio/service/process";
import { readConfig } from "./config.ts";
import { startIngest } from "./ingest.ts";

const log = createLog({ service: "ingest", level: "info" });

await run({
  log,
  limitMs: 8_000,
  start: async () => {
    const config = readConfig(process.env);
    log.level = config.logLevel;
    const { listening, stop } = await startIngest({ config, log });
    log.info(
      { url: listening.url, signed: config.signatureKeys.length > 0, agents: config.webKeys.length > 0 },
      "listening",
    );
    return stop;
  },
});
