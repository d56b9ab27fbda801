import { parseArgs } from "node:util";
import { z } from "zod";
import { SettingError, readSettings, redisUrl } from "@fio/service/env";
import { createLog } from "@fio/service/log";
import { connectRedis, patient, whenReady } from "@fio/service/redis";
import { createPrices } from "./outbound/prices.ts";

/*
 * What the messages of a month came to, as Meta tells it, by number: lines of CSV.
 *
 *   REDIS_URL=… npm run whatsapp:prices -- 2026-11
 */

const REDIS_MS = 10_000;

function monthIn(args: readonly string[]): string {
  const [month = new Date().toISOString().slice(0, 7)] = args;
  if (!/^\d{4}-\d{2}$/.test(month)) throw new SettingError("the month must be written as in 2026-11");
  return month;
}

try {
  const month = monthIn(parseArgs({ allowPositionals: true }).positionals);
  const { REDIS_URL: url } = readSettings(z.object({ REDIS_URL: redisUrl }), process.env);
  const log = createLog({ service: "whatsapp-prices", level: "silent" });
  const redis = connectRedis({ url, options: patient, log, name: "whatsapp-prices" });
  await whenReady(redis, REDIS_MS);
  const sums = await createPrices(redis).sums(month);
  redis.disconnect();
  process.stdout.write("month,number,category,type,billable,messages,amount,currency\n");
  for (const { number, category, type, billable, messages, amount } of sums) {
    const paid = amount === null ? ["", ""] : [amount.value, amount.currency];
    process.stdout.write(`${[month, number, category, type, billable, messages, ...paid].join(",")}\n`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
