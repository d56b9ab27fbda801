import { createLog } from "@fio/service/log";
import { run } from "@fio/service/process";
import { readConfig } from "./config.ts";
import { startConversations } from "./service.ts";

const log = createLog({ service: "conversations", level: "info" });

await run({
  log,
  // Jobs in hand have 8 s.
  limitMs: 9_500,
  start: async ({ fail }) => {
    const config = readConfig(process.env);
    log.level = config.logLevel;
    const { listening, stop } = await startConversations({ config, log, fail });
    log.info({ url: listening.url, roles: config.roles }, "listening");
    return stop;
  },
});
