import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UnrecoverableError, Worker } from "bullmq";
import { QUEUE_NAME, REDIS_PREFIX, receiptTimestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { run } from "../../../scripts/lib/run.ts";
import { ROOT } from "../../../scripts/lib/services.ts";
import type { Store } from "./store/connect.ts";
import { keepInternalError } from "./store/apply.ts";
import { apply, holdingsOf, migratedStore, SIDE_WRITES, storyOf } from "./store/testing/fixture.ts";
import { createRig, type Rig } from "./worker/testing/rig.ts";

const COMMAND = join(ROOT, "services/conversations/src/replay-rejections.ts");

forEachDatabase(({ create }) => {
  let redis: RedisServer;
  let rig: Rig;
  let store: Store;
  let url: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    redis = await startRedis();
    ({ store, url, remove } = await migratedStore(create));
    rig = await createRig(redis.url);
  });
  afterEach(async () => {
    await rig.close();
    await remove();
    await redis.remove();
  });
  const replay = (...args: string[]) =>
    run(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, DATABASE_URL: url, REDIS_URL: redis.url },
    });

  test("the command brings in what had failed by our fault since a time, and may be repeated", async () => {
    const { id, created, message, under } = storyOf();
    await apply(store, created(1));
    const broken = Array.from({ length: 120 }, (_, index) => message(2 + index));
    for (const accepted of broken) {
      await keepInternalError(store, { ...SIDE_WRITES, accepted, detail: "out of luck" });
    }
    const from = receiptTimestamp(under(2));
    expect(await replay("--from", from)).toMatchObject({ code: 0 });
    const { output } = await replay("--from", from);
    expect(output).toMatch(/"queued":120/);
    rig.start({ store });
    await until(async () => (await holdingsOf(store, [id])).applied.size === 121, { what: "all got in" });
    await rig.idle();
    expect((await holdingsOf(store, [id])).unapplied.size).toBe(0);
  });

  test("jobs that were given up are queued again", async () => {
    const { id, created } = storyOf();
    await rig.queue.add("events", { v: 1, events: [created(1)] });
    const gaveUp = new Worker(QUEUE_NAME, () => Promise.reject(new UnrecoverableError("given up")), {
      connection: { url: redis.url },
      prefix: REDIS_PREFIX,
    });
    await until(async () => (await rig.queue.getJobCounts("failed"))["failed"] === 1, { what: "it failed" });
    await gaveUp.close();
    expect(await replay("--failed-jobs")).toMatchObject({ code: 0 });
    rig.start({ store });
    await until(async () => (await holdingsOf(store, [id])).applied.size === 1, { what: "it got in" });
  });
});

test.each([
  [["--from", "yesterday"], /^--from: must be a time/],
  [[], /^--from: must be a time/],
  [["--since", "x"], /'--since'/],
])("a call that says %j is told what is wrong in one line", async (args, line) => {
  const { code, output } = await run(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, REDIS_URL: "redis://127.0.0.1:1" },
  });
  expect([code, output.trim().split("\n")]).toEqual([1, [expect.stringMatching(line)]]);
});
