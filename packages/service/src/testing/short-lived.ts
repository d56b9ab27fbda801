import { setTimeout as sleep } from "node:timers/promises";
import { SettingError } from "../env.ts";
import { createLog } from "../log.ts";
import { run } from "../process.ts";

/** A process that ends in the way its argument names; it says `began`, and waits for its reader to go, before. */
const [, , way = ""] = process.argv;
const log = createLog({ service: "short-lived", level: "info" });
const wrong = (): Error =>
  way.includes("setting") ? new SettingError("DATABASE_URL: is wrong") : new Error("broken");

await run({
  log,
  limitMs: 3_000,
  start: async ({ fail }) => {
    log.info("began");
    await sleep(500);
    // For as long as a service would, had it not failed.
    setInterval(() => log.info("lives"), 50);
    if (way.startsWith("start fails")) throw wrong();
    if (way.startsWith("start hangs")) await new Promise(() => {});
    if (way.startsWith("fails later")) setTimeout(() => fail(wrong()), 200);
    if (way === "warns") process.emitWarning("of something");
    return [
      () => {
        log.info("a step");
        return Promise.resolve();
      },
    ];
  },
});
