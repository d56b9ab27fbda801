import { createLog } from "@fio/service/log";
import { run } from "@fio/service/process";
import { readConfig } from "./config.ts";
import { startWhatsapp } from "./whatsapp.ts";

const log = createLog({ service: "whatsapp", level: "info" });

await run({
  log,
  limitMs: 9_000,
  start: async () => {
    const config = readConfig(process.env);
    log.level = config.logLevel;
    const { listening, stop } = await startWhatsapp({ config, log });
    log.info({ url: listening.url }, "listening");
    return stop;
  },
});
