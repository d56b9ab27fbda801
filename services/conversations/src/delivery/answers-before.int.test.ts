import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keysOf, type Receipt } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import type { Store } from "../store/connect.ts";
import { apply, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createAnswersBefore, type AnswersBefore } from "./answers-before.ts";

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let redis: Redis;
  let store: Store;
  let remove: () => Promise<void>;
  let answersBefore: AnswersBefore;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    ({ store, remove } = await migratedStore(create));
    // Two partitions: a conversation may have been in either.
    answersBefore = createAnswersBefore({ store, partitions: { at: () => redis, used: () => 2 } });
  });
  afterAll(async () => {
    redis.disconnect();
    await remove();
    await server.remove();
  });
  const note = (partition: number, conversation: string, ...receipts: Receipt[]) =>
    redis.set(`${keysOf(partition).answers}:${conversation}`, receipts.join(","));

  test("a message is behind what was written before it and is not in the store, in whatever partition that was noted", async () => {
    for (const partition of [0, 1]) {
      const story = storyOf();
      const [first, second, third] = [2, 3, 4].map((receipt) =>
        story.message(receipt, { direction: "SENT" }),
      );
      await apply(store, story.created(1), first!, third!);
      const asked = { conversation: story.id, receipt: third!.receipt };
      expect(await answersBefore(asked)).toBe(false);
      await note(partition, story.id, first!.receipt, second!.receipt, third!.receipt);
      expect(await answersBefore(asked)).toBe(true);
      expect(await answersBefore({ ...asked, receipt: second!.receipt })).toBe(false);
      await apply(store, second!);
      expect(await answersBefore(asked)).toBe(false);
    }
  });

  test("one that was kept out is in the store, and keeps nothing back", async () => {
    const story = storyOf();
    const [early, late] = [2, 3].map((receipt) => story.message(receipt, { direction: "SENT" }));
    await apply(store, story.created(1), late!);
    await note(0, story.id, early!.receipt, late!.receipt);
    const asked = { conversation: story.id, receipt: late!.receipt };
    expect(await answersBefore(asked)).toBe(true);
    await store.write("unapplied_events").insert({
      ...{ receipt: early!.receipt, type: "NEW_MESSAGE", event_id: story.id, conversation_id: story.id },
      ...{ event: "{}", reason: "INTERNAL_ERROR" },
    });
    expect(await answersBefore(asked)).toBe(false);
  });
});
