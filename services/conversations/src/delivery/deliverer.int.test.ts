import { readFile } from "node:fs/promises";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { idOf, messageToSend, type AcceptedEvent } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startReceiver, type Doing, type Receiver } from "../../../../test/support/receiver.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import type { Store } from "../store/connect.ts";
import { buryConversation, eraseStep } from "../store/erase.ts";
import { migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "../worker/testing/rig.ts";

const KEYS = [Buffer.from("a secret of sixteen bytes"), Buffer.from("the one that comes after")];
const author = { id: "marina", name: "Marina Alves" };

/** A way to Redis as a worker's user, who may do no more than it needs (docker/redis/users.acl). */
async function asWorker(redis: Redis, url: string): Promise<string> {
  const [, rules = ""] =
    /^user fio-worker (.*)$/m.exec(await readFile("docker/redis/users.acl", "utf8")) ?? [];
  await redis.call("ACL", "SETUSER", "fio-worker", ...rules.split(" "));
  await redis.call("ACL", "LOG", "RESET");
  return url.replace("://", `://fio-worker:${/>(\S+)/.exec(rules)?.[1]}@`);
}

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let store: Store;
  let remove: () => Promise<void>;
  let rig: Rig;
  let receiver: Receiver;
  let redisUrl: string;
  beforeAll(async () => {
    server = await startRedis();
    ({ store, remove } = await migratedStore(create));
  });
  afterAll(async () => {
    await remove();
    await server.remove();
  });
  beforeEach(async () => {
    rig = await createRig(server.url);
    await rig.redis.flushall();
    redisUrl = await asWorker(rig.redis, server.url);
    receiver = await startReceiver({ keys: KEYS });
  });
  afterEach(async () => {
    const denied = (await rig.redis.call("ACL", "LOG")) as string[][];
    await rig.close();
    await receiver.close();
    const commands = denied.map((entry) => entry[entry.indexOf("object") + 1] ?? "");
    expect(commands.filter((name) => !["config|get", "client|setinfo"].includes(name))).toEqual([]);
    for (const table of ["deliveries", "delivery_lanes"]) await store.write(table).delete();
  });

  const deliver = (timeoutMs = 5_000) =>
    rig.start({ store, redisUrl, receiver: { url: receiver.url, keys: KEYS, timeoutMs } });
  const answer = (story: ReturnType<typeof storyOf>, receipt: number, content = `answer ${receipt}`) =>
    story.message(receipt, { direction: "SENT", author, content });
  const statesOf = async (...messages: AcceptedEvent[]): Promise<Array<string | undefined>> => {
    const rows = await store
      .read("deliveries")
      .whereIn(
        "message_id",
        messages.map(({ event }) => idOf(event)),
      )
      .select<Array<{ message_id: string; state: string }>>("message_id", "state");
    return messages.map(({ event }) => rows.find((row) => row.message_id === idOf(event))?.state);
  };
  const allAre = (state: string, ...messages: AcceptedEvent[]) =>
    until(async () => (await statesOf(...messages)).every((one) => one === state), {
      what: `all are ${state}`,
    });
  const contents = (): string[] => receiver.received().map(({ body }) => body.data.message.content);

  test("what an agent wrote leaves signed, in order, one at a time; what others wrote does not", async () => {
    deliver();
    const story = storyOf();
    const answers = [3, 4, 5, 6].map((receipt) => answer(story, receipt));
    const others = [story.message(2), story.message(7, { direction: "SENT" })];
    await rig.send(story.created(1), ...others, ...answers);
    await allAre("delivered", ...answers);
    expect(contents()).toEqual(["answer 3", "answer 4", "answer 5", "answer 6"]);
    expect(receiver.mostAtOnce()).toBe(1);
    expect(receiver.unsigned()).toBe(0);
    expect(await statesOf(...others)).toEqual([undefined, undefined]);
    const [first] = receiver.received();
    expect(messageToSend.parse(first?.body)).toEqual(first?.body);
    expect(first?.id).toBe(idOf(answers[0]!.event));
    expect(first?.body).toMatchObject({
      type: "message.send",
      data: {
        message: { id: first?.id, content: "answer 3", timestamp: story.at(10), author },
        conversation: { id: story.id },
        contact: null,
      },
    });
    await until(async () => (await store.read("delivery_lanes").select()).length === 0, {
      what: "nothing is left to send",
    });
  });

  test("whom it goes to is said, as known when it leaves", async () => {
    deliver();
    const story = storyOf();
    const { event, ...accepted } = story.created(1);
    const contact = { channel: "5511400028922", id: "BR.77", name: "Ana", phone: "+5511988887777" };
    const created = { ...accepted, event: { ...event, data: { id: story.id, contact } } } as AcceptedEvent;
    await rig.send(created, answer(story, 2));
    await until(() => receiver.received().length === 1, { what: "it has left" });
    expect(receiver.received()[0]?.body.data.contact).toEqual(contact);
  });

  test("a repetition of a job or of an event is not sent again", async () => {
    deliver();
    const story = storyOf();
    const one = answer(story, 2);
    await rig.send(story.created(1), one);
    await allAre("delivered", one);
    await rig.send(story.created(1), one, { ...one, receipt: story.under(9) });
    const other = answer(story, 10);
    await rig.send(other);
    await allAre("delivered", other);
    expect(receiver.requests()).toBe(2);
  });

  test("a message that is refused fails at once with the receiver's reason, and the next one goes", async () => {
    receiver.does(({ body }) =>
      body.data.message.content === "answer 2"
        ? { status: 410, body: JSON.stringify({ error: { code: "131047", message: "the window is over" } }) }
        : { status: 204 },
    );
    deliver();
    const story = storyOf();
    const [refused, next] = [answer(story, 2), answer(story, 3)];
    await rig.send(story.created(1), refused, next);
    await allAre("delivered", next);
    expect(await statesOf(refused)).toEqual(["failed"]);
    const row = await store
      .read("deliveries")
      .where({ message_id: idOf(refused.event) })
      .first<object>();
    expect(row).toMatchObject({ reason: "http_410", detail: "131047: the window is over", attempts: 1 });
  });

  test("a receiver that fails, in whatever way, gets it again, and the next one after it", async () => {
    const failures: Doing[] = [
      { status: 500 },
      { status: 503, headers: { "retry-after": "1" } },
      { status: 429, headers: { "retry-after": "1" } },
      { cut: true },
      { cut: true, takes: true },
      { hang: true },
      { hang: true, takes: true },
      { status: 307, headers: { location: "http://127.0.0.1:1/" } },
    ];
    const stories = failures.map((doing) => ({ doing, story: storyOf() }));
    receiver.does(({ nth, body }) => {
      const { message, conversation } = body.data;
      const found = stories.find(({ story }) => story.id === conversation.id);
      return nth === 1 && message.content === "answer 2" && found !== undefined
        ? found.doing
        : { status: 200 };
    });
    deliver(500);
    const answers = stories.map(({ story }) => [answer(story, 2), answer(story, 3)]);
    await rig.send(...stories.map(({ story }) => story.created(1)), ...answers.flat());
    await allAre("delivered", ...answers.flat());
    for (const { story } of stories) {
      const of = receiver.received().filter(({ body }) => body.data.conversation.id === story.id);
      expect(of.map(({ body }) => body.data.message.content)).toEqual(["answer 2", "answer 3"]);
    }
    expect(receiver.requests()).toBe(3 * failures.length);
    expect(receiver.mostAtOnce()).toBe(1);
  });

  test("an answer that is cut in the middle is one all the same", async () => {
    receiver.does(() => ({ status: 200, cutIn: true }));
    deliver();
    const story = storyOf();
    const answers = [2, 3].map((receipt) => answer(story, receipt));
    await rig.send(story.created(1), ...answers);
    await allAre("delivered", ...answers);
    expect(receiver.requests()).toBe(2);
  });

  test("a message that a close takes out before it left is not sent", async () => {
    receiver.does(({ body }) =>
      body.data.message.content === "answer 2" ? { hang: true } : { status: 200 },
    );
    deliver(60_000);
    const story = storyOf();
    const [first, late] = [answer(story, 2), answer(story, 5)];
    await rig.send(story.created(1), first, late);
    await until(() => receiver.requests() === 1, { what: "the first is on its way" });
    await rig.send(story.closed(4));
    await until(async () => (await statesOf(late))[0] === "withdrawn", { what: "it is withdrawn" });
    expect(await statesOf(first)).toEqual(["waiting"]);
    expect(receiver.requests()).toBe(1);
  });

  test("one that is on its way when a close takes it out is told as having arrived", async () => {
    const held: Array<() => void> = [];
    receiver.does(() => new Promise((resolve) => held.push(() => resolve({ status: 200 }))));
    deliver();
    const story = storyOf();
    const one = answer(story, 5);
    await rig.send(story.created(1), one);
    await until(() => held.length === 1, { what: "it is on its way" });
    await rig.send(story.closed(4));
    await until(async () => (await statesOf(one))[0] === "withdrawn", { what: "it is withdrawn" });
    held[0]?.();
    await allAre("delivered", one);
  });

  test("a queue that has lost everything costs nothing but a moment", async () => {
    receiver.does(({ nth }) => ({ status: nth === 1 ? 500 : 200 }));
    deliver();
    const story = storyOf();
    const one = answer(story, 2);
    await rig.send(story.created(1), one);
    await until(() => receiver.requests() === 1, { what: "it was tried" });
    await rig.redis.del(...(await rig.redis.keys("{fio}:deliveries:*")));
    await allAre("delivered", one);
  });

  test("a job of which the queue has lost all but the name does not keep its conversation waiting", async () => {
    const story = storyOf();
    const one = answer(story, 2);
    // As one that was added while the queue's lists were deleted: it waits nowhere, and another of its name is not added.
    await rig.redis.hset(`{fio}:deliveries:${story.id}`, {
      name: "send",
      data: "{}",
      timestamp: "1",
      opts: "{}",
    });
    deliver();
    await rig.send(story.created(1), one);
    await allAre("delivered", one);
  });

  test("nothing of who was erased leaves any more, and nothing of it is kept", async () => {
    deliver(1_000);
    const story = storyOf();
    receiver.does(({ body }) =>
      body.data.conversation.id === story.id ? { hang: true, takes: false } : { status: 200 },
    );
    await rig.send(story.created(1), answer(story, 2), answer(story, 3));
    await until(() => receiver.requests() === 1, { what: "the first is on its way" });
    await buryConversation(store, { conversation: story.id, now: Date.now() });
    await rig.idle();
    const other = storyOf();
    const last = answer(other, 2);
    await rig.send(other.created(1), last);
    await allAre("delivered", last);
    while (await eraseStep(store, story.id));
    await until(async () => (await rig.redis.keys("{fio}:deliveries:*-*-*")).length === 0, {
      what: "no job is left",
    });
    expect(await store.read("deliveries").where({ conversation_id: story.id }).select()).toEqual([]);
    expect(await store.read("delivery_lanes").where({ conversation_id: story.id }).select()).toEqual([]);
    expect(contents()).toEqual(["answer 2"]);
    expect(receiver.requests()).toBe(2);
  });

  test("a receiver that hangs does not hold up what is applied", async () => {
    receiver.does(() => ({ hang: true }));
    deliver(60_000);
    const stories = Array.from({ length: 80 }, () => storyOf());
    await rig.send(...stories.flatMap((story) => [story.created(1), answer(story, 2)]));
    await until(() => receiver.requests() >= 60, { what: "many hang" });
    const story = storyOf();
    const told = await rig.ask(story.created(1), story.message(2));
    expect([...told.values()].map(({ outcome }) => outcome.kind)).toEqual(["applied", "applied"]);
  });

  test("where nothing is to be delivered there are no rows", async () => {
    rig.start({ store });
    const story = storyOf();
    await rig.ask(story.created(1), answer(story, 2));
    expect(await store.read("deliveries").select()).toEqual([]);
    expect(await store.read("delivery_lanes").select()).toEqual([]);
  });
});
