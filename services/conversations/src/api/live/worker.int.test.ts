import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CHANGES_KEY,
  conversation as conversationShape,
  conversationRow,
  liveFrame,
  rejection,
  type Conversation,
  type Rejection,
} from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../../test/support/redis-server.ts";
import { until } from "../../../../../test/support/until.ts";
import type { Store } from "../../store/connect.ts";
import { migratedStore, storyOf } from "../../store/testing/fixture.ts";
import { createRig, type Rig } from "../../worker/testing/rig.ts";
import { startApi, type Api } from "../testing/start-api.ts";
import { followStream, type Frame } from "../testing/stream-client.ts";

/** What a client shows that keeps the highest version of each row and each message, removals included. */
function shown(frames: readonly Frame[]): {
  rows: Map<string, unknown>;
  messages: Map<string, string[]>;
  /** Newest receipt first. */
  rejections: Map<string, Rejection[]>;
} {
  const rows = new Map<string, { version: number }>();
  const rejections = new Map<string, { version: number; rejection: Rejection | null }>();
  const messages = new Map<string, { version: number; conversation: string; gone: boolean }>();
  for (const { data } of frames) {
    const frame = liveFrame.parse(data);
    if (frame.event === "conversation") {
      const { conversation } = frame;
      if ((rows.get(conversation.id)?.version ?? -1) < conversation.version)
        rows.set(conversation.id, conversation);
    } else if (frame.event === "message" || frame.event === "message_removed") {
      const id = frame.event === "message" ? frame.message.id : frame.message_id;
      if ((messages.get(id)?.version ?? -1) >= frame.version) continue;
      const gone = frame.event === "message_removed";
      messages.set(id, { version: frame.version, conversation: frame.conversation_id, gone });
    } else if (frame.event === "rejection") {
      if ((rejections.get(frame.receipt)?.version ?? -1) < frame.version)
        rejections.set(frame.receipt, frame);
    }
  }
  const present = [...messages].filter(([, { gone }]) => !gone);
  const byConversation = Map.groupBy(present, ([, { conversation }]) => conversation);
  const refused = [...rejections.values()].flatMap(({ rejection: one }) => (one === null ? [] : [one]));
  return {
    rows,
    rejections: new Map(
      [...Map.groupBy(refused, ({ conversation_id }) => conversation_id)].map(([id, own]) => [
        id,
        own.toSorted((a, b) => (a.receipt > b.receipt ? -1 : 1)),
      ]),
    ),
    messages: new Map(
      [...byConversation].map(([id, own]) => [id, own.map(([message]) => message).toSorted()]),
    ),
  };
}

forEachDatabase(({ create }) => {
  let redis: RedisServer;
  let store: Store;
  let remove: () => Promise<void>;
  let rig: Rig;
  let api: Api;
  beforeAll(async () => {
    redis = await startRedis();
    ({ store, remove } = await migratedStore(create));
    rig = await createRig(`${redis.url}/9`);
    api = await startApi({ store, redisUrl: redis.url, key: CHANGES_KEY });
    rig.start({ store });
    await until(() => api.live.position(), { what: "the stream is read" });
  });
  afterAll(async () => {
    await api.close();
    await rig.close();
    await remove();
    await redis.remove();
  });

  test("what a client has been sent is what the store holds, when the worker is done", async () => {
    const stories = Array.from({ length: 6 }, () => storyOf());
    const client = await followStream(api.url, { conversations: stories.map(({ id }) => id) });
    await client.has("ready");
    const events = stories.flatMap((story, index) => [
      story.created(1),
      ...Array.from({ length: 8 }, (_, number) => story.message(10 + 2 * number)),
      ...(index % 2 === 0 ? [story.closed(17)] : []),
      story.message(13),
    ]);
    // One by one and out of order: messages are applied, and taken out again by the close; acts come before refusals.
    const acts = stories.flatMap((story) => [
      story.resolved(30, 18),
      story.resolved(31, 20, { carriedTo: randomUUID() }),
    ]);
    const shuffled = [...events, ...acts]
      .map((event) => ({ event, key: Math.random() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ event }) => event);
    await Promise.all(shuffled.map((event) => rig.send(event)));
    await rig.idle();

    const threads = await Promise.all(
      stories.map(async ({ id }) => conversationShape.parse((await api.get(`/conversations/${id}/`)).body)),
    );
    const refused = new Map(
      await Promise.all(
        stories.map(async ({ id }): Promise<[string, unknown[]]> => {
          const { body } = await api.get(`/rejections?conversation=${id}`);
          return [id, z.array(rejection).parse(body)];
        }),
      ),
    );
    const holds = (thread: Conversation): boolean => {
      const { rows, messages, rejections } = shown(client.frames);
      const { messages: stored, ...row } = thread;
      const ids = stored.map(({ id }) => id).toSorted();
      return (
        JSON.stringify(rows.get(row.id)) === JSON.stringify(row) &&
        JSON.stringify(messages.get(row.id) ?? []) === JSON.stringify(ids) &&
        isDeepStrictEqual(rejections.get(row.id) ?? [], refused.get(row.id))
      );
    };
    await until(() => threads.every(holds), { what: "the client shows what the store holds" });
    const list = z.array(conversationRow).parse((await api.get("/conversations/?limit=1000")).body);
    for (const row of list) expect(shown(client.frames).rows.get(row.id)).toEqual(row);
    expect(client.of("reset")).toEqual([]);
    client.close();
  });
});
