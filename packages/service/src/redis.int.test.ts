import { Redis, type RedisOptions } from "ioredis";
import { pino } from "pino";
import { describe, expect, test as base } from "vitest";
import { cuttable, type Cuttable } from "../../../test/support/cuttable.ts";
import { startFailoverRedis, type FailoverRedis } from "../../../test/support/failover.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { connectRedis, impatient, patient, whenReady } from "./redis.ts";

type Line = { level: number; msg: string; connection?: string; answer?: string };

/** As all who subscribe do: on each connection anew. Resolves once the first has. */
const subscribeWhenReady = (redis: Redis, channel: string): Promise<unknown> =>
  new Promise((resolve) => {
    redis.on("ready", () => void redis.subscribe(channel).then(resolve, () => undefined));
  });

/** Most of these wait for a connection to be given up: they do so side by side, each with what it opened and logged. */
const test = base.extend<{
  connections: {
    open: (url: string, options?: RedisOptions) => Redis;
    admin: (url: string) => Redis;
    lines: Line[];
  };
  failover: FailoverRedis;
  silent: { server: RedisServer; network: Cuttable; url: string };
}>({
  connections: async ({}, use) => {
    const lines: Line[] = [];
    const opened: Redis[] = [];
    const log = pino(
      { level: "info" },
      { write: (line: string) => void lines.push(JSON.parse(line) as Line) },
    );
    const keep = (redis: Redis): Redis => {
      opened.push(redis);
      return redis;
    };
    await use({
      open: (url, options = impatient) => keep(connectRedis({ url, options, log, name: "test" })),
      admin: (url) => keep(new Redis(url)),
      lines,
    });
    for (const redis of opened) redis.disconnect();
  },
  failover: async ({}, use) => {
    const redis = await startFailoverRedis();
    await use(redis);
    await redis.remove();
  },
  silent: async ({}, use) => {
    const server = await startRedis();
    const network = await cuttable(server.url);
    await use({ server, network, url: network.url.replace("http:", "redis:") });
    await network.close();
    await server.remove();
  },
});

const within = async (limitMs: number, work: () => Promise<unknown>): Promise<void> => {
  const started = performance.now();
  await work();
  expect(performance.now() - started).toBeLessThan(limitMs);
};
const writes = (redis: Redis, what: string): Promise<unknown> =>
  until(() => redis.set("key", what).catch(() => null), { what: `${what} is written`, limitMs: 20_000 });

describe.concurrent("when Redis fails over and the old primary keeps its connections", () => {
  test("whoever writes follows to the new primary", async ({ failover: redis, connections: { open } }) => {
    const [one, other] = [open(redis.url), open(redis.url, patient)];
    await Promise.all([one, other].map((each) => whenReady(each, 10_000)));
    await redis.failOver();
    await within(10_000, () => Promise.all([writes(one, "one"), writes(other, "other")]));
    expect(await one.info("replication")).toContain("role:master");
  });

  test("whoever writes only inside a transaction's script follows", async ({
    failover: redis,
    connections: { open },
  }) => {
    const writer = open(redis.url);
    await whenReady(writer, 10_000);
    await redis.failOver();
    await within(10_000, () =>
      until(
        async () => {
          const answers = await writer
            .multi()
            .eval("return redis.call('SET', KEYS[1], '1')", 1, "key")
            .exec()
            .catch(() => null);
          return answers !== null && answers.every(([error]) => error === null);
        },
        { what: "the script writes" },
      ),
    );
  });

  test("whoever waits in a blocking command follows, and is woken there", async ({
    failover: redis,
    connections: { open },
  }) => {
    const waiting = open(redis.url, patient);
    const wait = async (): Promise<string> => {
      for (;;) {
        const found = await waiting.bzpopmin("{jobs}", 2).catch(() => null);
        if (found !== null) return found[1];
      }
    };
    const woken = wait();
    await whenReady(waiting, 10_000);
    await redis.failOver();
    const writer = open(redis.primary().url);
    await whenReady(writer, 10_000);
    await writer.zadd("{jobs}", 1, "job");
    await within(10_000, async () => expect(await woken).toBe("job"));
  });

  test("a subscriber follows, though the old primary still sends it what the new one replicates", async ({
    failover: redis,
    connections: { open },
  }) => {
    const subscriber = open(redis.url, patient);
    const heard: string[] = [];
    subscriber.on("message", (_channel, text: string) => heard.push(text));
    await subscribeWhenReady(subscriber, "channel");
    await redis.failOver();
    const old = redis.replica();
    const publisher = open(redis.primary().url);
    await whenReady(publisher, 10_000);
    // Heard over the new one, when the old one is gone for good.
    await until(async () => (await publisher.publish("channel", "there")) > 0, { what: "it has followed" });
    await old.kill();
    await publisher.publish("channel", "last");
    await until(() => heard.includes("last"), { what: "it hears", limitMs: 5_000 });
  });

  test("a replica that stays one is asked again and again, but not in a storm, and said once", async ({
    failover: redis,
    connections: { open, admin: administer, lines },
  }) => {
    const admin = administer(redis.replica().url);
    await admin.config("RESETSTAT");
    const direct = open(redis.replica().url, patient);
    const asked = direct.set("key", "later");
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(direct.status).not.toBe("ready");
    const received = /total_connections_received:(\d+)/.exec(await admin.info("stats"))?.[1];
    expect(Number(received)).toBeLessThan(15);
    expect(lines.filter(({ level }) => level >= 40)).toEqual([
      expect.objectContaining({ answer: "READONLY", connection: "test" }),
    ]);
    // What waits is done as soon as the server may do it.
    await redis.failOver();
    await within(10_000, () => asked);
    await until(() => lines.some(({ msg }) => msg === "redis is available again"), {
      what: "it is said to be back",
    });
  });

  test("without INFO a replica is recognised by its refusals, and asked no more often", async ({
    failover: redis,
    connections: { open, admin: administer, lines },
  }) => {
    const admin = administer(redis.replica().url);
    await admin.call("ACL", "SETUSER", "narrow", "on", ">secret", "~*", "+@all", "-info");
    await admin.config("RESETSTAT");
    const direct = open(redis.replica().url.replace("://", "://narrow:secret@"));
    // For a moment only: its first refusal ends the connection.
    await whenReady(direct, 10_000);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const received = /total_connections_received:(\d+)/.exec(await admin.info("stats"))?.[1];
    expect(Number(received)).toBeGreaterThan(1);
    expect(Number(received)).toBeLessThan(12);
    expect(lines.filter(({ level }) => level >= 40)).toHaveLength(1);
  });
});

test("a Redis that loads its data is left, and taken when it has it", async ({ connections: { open } }) => {
  const server = await startRedis({ args: ["--enable-debug-command", "yes"] });
  try {
    const redis = open(server.url);
    await whenReady(redis, 10_000);
    const admin = new Redis(server.url);
    for (let at = 0; at < 20; at += 1) await admin.call("DEBUG", "POPULATE", "20000", `key${at}`, "100");
    await admin.call("BGREWRITEAOF");
    admin.disconnect();
    await server.kill();
    const started = server.start();
    await until(() => redis.status !== "ready", { what: "it is away" });
    await started;
    await within(10_000, () => writes(redis, "loaded"));
  } finally {
    await server.remove();
  }
});

describe.concurrent("when nobody answers any more, without a word", () => {
  test.for([
    ["an impatient connection", impatient],
    ["a patient one", patient],
  ] as const)(
    "%s that nobody uses notices within 10 s",
    async ([, options], { silent: { network, url }, connections: { open } }) => {
      const redis = open(url, options);
      await whenReady(redis, 10_000);
      network.hangOpen();
      await within(10_000, async () => {
        await until(() => redis.status !== "ready", { what: "it has noticed", limitMs: 15_000 });
        await whenReady(redis, 10_000);
      });
      await writes(redis, "again");
    },
  );

  test("a subscriber hears again within 10 s", async ({
    silent: { server, network, url },
    connections: { open },
  }) => {
    const [subscriber, publisher] = [open(url, patient), open(server.url)];
    await Promise.all([subscribeWhenReady(subscriber, "channel"), whenReady(publisher, 10_000)]);
    const heard = new Promise((resolve) => subscriber.on("message", resolve));
    network.hangOpen();
    const publishing = setInterval(() => void publisher.publish("channel", "again"), 200);
    await within(10_000, () => heard);
    clearInterval(publishing);
  });

  test("whoever waits in a blocking command is woken within 10 s", async ({
    silent: { server, network, url },
    connections: { open },
  }) => {
    const [waiting, writer] = [open(url, patient), open(server.url)];
    const woken = waiting.bzpopmin("{jobs}", 2);
    await whenReady(waiting, 10_000);
    await whenReady(writer, 10_000);
    network.hangOpen();
    const again = (async () => {
      let found = await woken;
      while (found === null) found = await waiting.bzpopmin("{jobs}", 2);
      return found;
    })();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await writer.zadd("{jobs}", 1, "job");
    await within(7_000, () => again);
  });

  test("an attempt to connect that is taken and never answered is given up", async ({
    silent: { network, url },
    connections: { open },
  }) => {
    network.hang();
    const redis = open(url, patient);
    await until(() => network.open() > 0, { what: "it tries" });
    // Only for what comes from now on: the first attempt hangs on.
    const hung = network.open();
    network.hangOpen();
    network.passOn();
    expect(hung).toBe(1);
    await within(10_000, () => whenReady(redis, 15_000));
  });
});
