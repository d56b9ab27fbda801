import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUE_NAME, receiptOf } from "@fio/contracts";
import { openEventQueue } from "@fio/service/queue";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { clientOf, type Client } from "../support/client.ts";
import { postgresDatabase, sqliteDatabase, type Database } from "../support/databases.ts";
import { close, creation, message } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

/* Words that only one customer says go everywhere that words go. Once the customer is erased, they are nowhere. */

const WORDS = [
  "Zxqcanarioaplicado",
  "Zxqcanariorecusado",
  "Zxqcanarioesperando",
  "Zxqcanarioentregue",
  "Zxqcanariotardio",
  "Zxqcanariovermelho",
] as const;
const [APPLIED, REFUSED, WAITING, GIVEN_UP, LATE, MUCH] = WORDS;

const wordsIn = (text: string): string[] =>
  WORDS.filter((word) => text.toLowerCase().includes(word.toLowerCase()));

describe.each([
  ["sqlite", sqliteDatabase],
  ["postgres", () => postgresDatabase()],
] as const)("on %s", (kind, create) => {
  let database: Database;
  let system: System;
  let fio: Client;
  let redis: Redis;
  beforeAll(async () => {
    database = await create();
    system = await startSystem({
      databaseUrl: database.url,
      roles: ["api", "worker"],
      // Uncompressed, so that what is in its file can be found there.
      redisArgs: ["--rdbcompression", "no"],
    });
    fio = clientOf(system);
    redis = new Redis(system.redis.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await system.remove();
    await database.remove();
  });

  const customer = (...args: string[]) =>
    run(process.execPath, [join(ROOT, "services/conversations/src/customer.ts"), ...args], {
      env: { PATH: process.env["PATH"], ...system.env },
      limitMs: 60_000,
    });
  const filesIn = async (directory: string): Promise<string> => {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return (
      await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))
    ).join();
  };
  /** What a dump of Postgres holds, and the files of SQLite, its log among them. */
  const inStore = async (): Promise<string[]> => {
    if (kind === "sqlite") return wordsIn(await filesIn(dirname(database.url.slice("sqlite:".length))));
    const store = openStore(database.url);
    const { rows } = await store.read.raw<{ rows: Array<{ name: string }> }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    const tables = await Promise.all(rows.map(({ name }) => store.read(name).select()));
    await store.close();
    return wordsIn(JSON.stringify(tables));
  };
  const inRedis = async (): Promise<string[]> => {
    await redis.bgrewriteaof();
    const isDone = async () => /aof_rewrite_in_progress:0/.test(await redis.info("persistence"));
    await until(isDone, { what: "Redis has written its file anew" });
    return wordsIn(await filesIn(system.redis.dir));
  };
  const isStored = (path: string, word: string) => async (): Promise<boolean> =>
    JSON.stringify((await fio.get(path)).body).includes(word);

  test(
    "what a customer wrote is nowhere once they are erased, and nothing brings it back",
    { timeout: 120_000 },
    async () => {
      const [gone, early, other] = [randomUUID(), randomUUID(), randomUUID()];
      const said = message(gone, { content: `${APPLIED} e ola` });
      for (const event of [
        creation(gone),
        said,
        close(gone),
        creation(other),
        message(other, { content: "ola" }),
      ])
        expect((await fio.post(event, { wait: 20 })).status).toBeLessThan(300);
      expect((await fio.post(message(gone, { content: REFUSED }), { wait: 20 })).status).toBe(400);
      const parts = Array.from({ length: 250 }, () => message(early, { content: `${MUCH} ${randomUUID()}` }));
      await fio.post([...parts, message(early, { content: WAITING })]);
      await until(isStored(`/rejections?conversation=${early}&reason=CONVERSATION_NOT_FOUND`, WAITING), {
        what: "it waits",
      });
      // A job that was given up, of which others' events are part.
      const queue = openEventQueue(redis);
      const kept = { receipt: receiptOf(1), event: message(other, { content: "fica" }) };
      const lost = { receipt: receiptOf(2), event: message(gone, { content: GIVEN_UP }) };
      const job = await queue.add(QUEUE_NAME, { v: 0, events: [kept, lost] } as never);
      await until(async () => (await queue.getFailedCount()) === 1, { what: "a job was given up" });
      expect([await inStore(), await inRedis()]).toEqual([
        expect.arrayContaining([APPLIED, REFUSED, WAITING]),
        expect.arrayContaining([APPLIED, GIVEN_UP]),
      ]);

      const exported = await customer("export", gone);
      const lines = exported.output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { kind: string });
      expect(lines.map(({ kind: of }) => of)).toEqual(["conversation", ...Array<string>(4).fill("event")]);
      expect(wordsIn(exported.output)).toEqual([APPLIED, REFUSED]);

      // With a job in the queue that nobody has taken yet.
      await system.conversations[1]!.kill();
      expect((await fio.post(message(gone, { content: LATE }))).status).toBe(202);
      const erased = await customer("erase", gone, early);
      expect(erased).toMatchObject({ code: 0, output: expect.stringContaining("erased: 2") as string });
      expect([await inStore(), await inRedis()]).toEqual([[], []]);
      expect((await queue.getJob(job.id!))?.data.events).toMatchObject([kept, { receipt: receiptOf(2) }]);
      await queue.close();

      await system.conversations[1]!.start();
      expect((await fio.post(said, { wait: 20 })).body).toMatchObject({
        status: 410,
        code: "CONVERSATION_ERASED",
      });
      const again = [
        creation(early),
        message(early, { content: WAITING }),
        message(gone, { content: REFUSED }),
      ];
      const { body } = await fio.post(again, { wait: 20 });
      expect(body["results"]).toMatchObject(Array(3).fill({ problem: { code: "CONVERSATION_ERASED" } }));
      expect([await inStore(), await inRedis()]).toEqual([[], []]);
      expect((await fio.conversation(gone)).status).toBe(410);
      expect((await fio.history(gone)).status).toBe(410);
      expect((await fio.event("NEW_MESSAGE", said.data["id"]!)).body).toMatchObject({ outcome: "erased" });
      expect((await fio.get(`/search?q=${APPLIED}`)).body).toEqual([]);
      const since = new Date(Date.now() - 3_600_000).toISOString();
      const told = await fio.get<Array<{ conversation_id: string }>>(`/erasures?since=${since}`);
      expect(told.body.map(({ conversation_id }) => conversation_id).toSorted()).toEqual(
        [gone, early].toSorted(),
      );
      expect((await fio.conversation(other)).body).toMatchObject({ message_count: 1 });
      expect((await customer("export", gone)).code).toBe(1);
      expect(await customer("erase")).toMatchObject({ code: 0, output: "nothing is left to be finished\n" });
    },
  );
});
