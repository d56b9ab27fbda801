import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../../../scripts/lib/services.ts";
import { findRedis } from "../../../scripts/redis/find.ts";
import { startPostgres } from "../../support/postgres-server.ts";
import { isSound } from "./judge.ts";
import { runDeliveries } from "./run-deliveries.ts";

/*
 * npm run test:deliveries -- --deliveries 100000 [--conversations 2000] [--minutes 25] [--postgres]
 * Deliveries through breakdowns of every part and of the receiver; ends with 1 when any is lost, doubled or out of order.
 */
const { values } = parseArgs({
  options: {
    deliveries: { type: "string", default: "3000" },
    conversations: { type: "string", default: "200" },
    minutes: { type: "string", default: "10" },
    postgres: { type: "boolean", default: false },
    bug: { type: "boolean", default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const redis = await findRedis({ dataDir: join(ROOT, ".data/test"), containers: false, say });
if (redis.path !== undefined) process.env["FIO_REDIS_SERVER"] = redis.path;
const postgres = values.postgres ? await startPostgres() : null;
try {
  const ran = await runDeliveries({
    deliveries: Number(values.deliveries),
    conversations: Number(values.conversations),
    limitMs: Number(values.minutes) * 60_000,
    ...(postgres === null ? {} : { databaseUrl: await postgres.createDatabase("fio"), postgres }),
    ...(values.bug ? { worker: "test/faults/planted/delivers-under-new-ids.ts" } : {}),
    say,
  });
  const {
    lost,
    doubled,
    outOfOrder,
    accepted,
    received,
    keptBack,
    requests,
    mostAtOnce,
    breakdowns,
    seconds,
  } = ran;
  say(`${accepted} accepted, ${received} received in ${requests} requests, ${seconds.toFixed(0)} s`);
  say(`${breakdowns.length} breakdowns: ${[...new Set(breakdowns)].join("; ")}`);
  if (keptBack.length > 0)
    say(
      `${keptBack.length} kept back where agents see them: a worker was killed again while it tried each alone`,
    );
  say(`at most ${mostAtOnce} at one time in one conversation`);
  say(`${lost.length} lost, ${doubled.length} doubled, ${outOfOrder.length} out of order`);
  const isWhole = accepted === Number(values.deliveries);
  if (!isWhole) say("the time was over before all were sent");
  process.exitCode = isSound(ran) && isWhole ? 0 : 1;
} finally {
  await postgres?.remove();
}
