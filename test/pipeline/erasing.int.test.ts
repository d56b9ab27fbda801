import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUE_NAME, contactKeyOf, receiptOf } from "@fio/contracts";
import { openEventQueue } from "@fio/service/queue";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { buryCustomer } from "../../services/conversations/src/store/forget-customer.ts";
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

/** Names of one customer, and a piece of their number, however that is written. */
const [NAME, NEW_NAME, LOST_NAME, LATE_NAME] = [
  "Zxqcanarionome",
  "Zxqcanariorenomeada",
  "Zxqcanarioperdida",
  "Zxqcanarionafila",
];
const NUMBER = "977665544";
const OFFICE = "whatsapp:551140001234";

type Said = { id: string; name?: string; phone?: string; formerly?: string };
const update = (said: Said) => ({
  type: "UPDATE_CONTACT",
  timestamp: "2025-02-21T10:20:43.349308",
  data: { channel: OFFICE, ...said },
});
const creationFor = (id: string, contact: Said) => {
  const { data, ...rest } = creation(id);
  return { ...rest, data: { ...data, contact: { channel: OFFICE, ...contact } } };
};

const ALL_WORDS = [...WORDS, NAME, NEW_NAME, LOST_NAME, LATE_NAME, NUMBER, "97766-5544"];
const wordsIn = (text: string): string[] =>
  ALL_WORDS.filter((word) => text.toLowerCase().includes(word.toLowerCase()));

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

  test(
    "all of one customer goes by their number, once it is said who that is, and they come back as a new one",
    { timeout: 120_000 },
    async () => {
      const [first, second, third, waits, others] = Array.from({ length: 5 }, () => randomUUID());
      const [phone, ana, renamed, bia] = [`+55 11 97766-5544`, `5511${NUMBER}`, "BR.4711", "crm-bia"];
      const posted = [
        creationFor(first!, { id: ana, name: NAME, phone }),
        message(first!, { content: `${APPLIED} dela` }),
        close(first!),
        creationFor(second!, { id: ana }),
        message(second!, { content: APPLIED }),
        update({ id: renamed, formerly: ana, name: NEW_NAME }),
        creationFor(third!, { id: renamed }),
        creationFor(others!, { id: bia, name: "Bia", phone: "(011) 7766-5544" }),
        message(others!, { content: "fico" }),
      ];
      for (const event of posted) expect((await fio.post(event, { wait: 20 })).status).toBeLessThan(300);
      expect((await fio.post(message(first!, { content: REFUSED }), { wait: 20 })).status).toBe(400);
      const queue = openEventQueue(redis);
      const lost = { receipt: receiptOf(11), event: update({ id: ana, name: LOST_NAME }) };
      const begun = { receipt: receiptOf(12), event: creationFor(waits!, { id: renamed, name: LOST_NAME }) };
      const kept = { receipt: receiptOf(13), event: update({ id: bia, name: "Beatriz" }) };
      const failed = await queue.getFailedCount();
      const job = await queue.add(QUEUE_NAME, { v: 0, events: [lost, begun, kept] } as never);
      await until(async () => (await queue.getFailedCount()) === failed + 1, { what: "a job was given up" });

      // Two have this number: nothing goes before somebody says which.
      const both = await customer("erase", "--contact", "11 97766-5544", "--yes");
      expect(both).toMatchObject({ code: 1 });
      const said = both.output;
      expect(said).toContain("2 customers");
      const keyOf = (name: string): string =>
        new RegExp(`^([0-9a-f-]{36})  .*${name}.*conversations: `, "m").exec(said)?.[1] ?? "";
      expect(keyOf(NEW_NAME)).not.toBe(keyOf("Bia"));
      const asked = await customer("erase", "--contact", keyOf(NEW_NAME));
      expect(asked).toMatchObject({ code: 0 });
      for (const one of ["conversations: 3", ana, renamed, "nothing is erased yet", "--yes"])
        expect(asked.output).toContain(one);
      expect((await customer("erase", "--contact", "nobody", "--yes")).code).toBe(1);
      expect((await fio.conversation(first!)).status).toBe(200);

      const exported = await customer("export", "--contact", renamed);
      const lines = exported.output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { kind: string; contact?: object });
      expect(lines.filter((line) => line.kind === "conversation")).toHaveLength(3);
      expect(lines.filter((line) => line.kind === "contact")).toHaveLength(2);
      expect(wordsIn(exported.output)).toEqual(
        expect.arrayContaining([APPLIED, REFUSED, NAME, NEW_NAME, NUMBER]),
      );
      expect(exported.output).not.toContain("fico");

      // With what nobody has taken yet, accepted before they were erased.
      await system.conversations[1]!.kill();
      const early = randomUUID();
      const queued = [update({ id: ana, name: LATE_NAME }), creationFor(early, { id: ana, name: LATE_NAME })];
      expect((await fio.post([...queued, message(early, { content: LATE })])).status).toBe(202);
      const erased = await customer("erase", "--contact", keyOf(NEW_NAME), "--yes");
      expect(erased).toMatchObject({ code: 0 });
      expect(erased.output).toContain("erased: customers: 1, conversations: 5");
      expect([await inStore(), await inRedis()]).toEqual([[], []]);
      expect((await queue.getJob(job.id!))?.data.events).toMatchObject([
        { receipt: receiptOf(11), event: { data: { channel: "erased", id: "erased" } } },
        { receipt: receiptOf(12), event: { data: { id: waits } } },
        kept,
      ]);
      await job.remove();
      await queue.close();

      await system.conversations[1]!.start();
      for (const event of [...posted.slice(0, 2), ...queued, message(early, { content: LATE })])
        expect((await fio.post(event, { wait: 20 })).status).toBe(410);
      const path = `/contacts/${encodeURIComponent(OFFICE)}/${ana}/`;
      expect((await fio.get(path)).status).toBe(404);
      expect((await fio.get("/search?q=7766-5544")).body).toMatchObject([{ conversation_id: others }]);
      expect((await fio.conversation(others!)).body).toMatchObject({ contact: { name: "Bia" } });

      // Who writes again is somebody new.
      const anew = randomUUID();
      expect((await fio.post(creationFor(anew, { id: ana, name: "Ana" }), { wait: 20 })).status).toBe(201);
      const { body } = await fio.get<{ also: object[]; conversations: Array<{ id: string }> }>(path);
      expect(body).toMatchObject({ name: "Ana", phone: null, also: [], conversations: [{ id: anew }] });

      const store = openStore(database.url);
      const audit = await store.read("audit_log").where({ action: "erase_customer" }).select();
      await store.close();
      expect(audit).toMatchObject([{ detail: "npm run customer", conversation_id: null, actor_id: null }]);

      // One without conversations, by a run that was killed before it came to Redis: the next goes on, and knows no name.
      const lone = "crm-zxq";
      expect((await fio.post(update({ id: lone, name: NAME }), { wait: 20 })).status).toBe(200);
      const again = openEventQueue(redis);
      const events = [{ receipt: receiptOf(21), event: update({ id: lone, name: LOST_NAME }) }];
      const over = await again.add(QUEUE_NAME, { v: 0, events } as never);
      await until(async () => (await again.getFailedCount()) === failed + 1, { what: "it is given up" });
      const killed = openStore(database.url);
      expect(await buryCustomer(killed, [contactKeyOf({ channel: OFFICE, id: lone })])).toBe(true);
      await killed.close();
      expect(await customer("erase")).toMatchObject({
        code: 0,
        output: expect.stringContaining("jobs cleared: 1") as string,
      });
      expect(JSON.stringify((await again.getJob(over.id!))?.data)).not.toMatch(/zxq/i);
      await again.close();

      // By a number in another notation, and after its other owner.
      for (const who of ["crm-bia", "+55 (11) 7766-5544"])
        expect(await customer("erase", "--contact", who, "--yes")).toMatchObject({ code: 0 });
      expect([await inStore(), await inRedis()]).toEqual([[], []]);
      expect(await customer("erase")).toMatchObject({ code: 0, output: "nothing is left to be finished\n" });
    },
  );
});
