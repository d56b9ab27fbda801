import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { POSITION_HEADER } from "@fio/contracts";
import { until } from "../../../../../test/support/until.ts";
import { apply, storyOf } from "../../store/testing/fixture.ts";
import { removalChange, rowChange, spoken } from "../testing/changes.ts";
import { rowIdOf, streamRig, versionOf } from "../testing/stream-rig.ts";

import { comparePositions } from "@fio/contracts";

const { store, start, follow } = streamRig();

describe("a client that comes", () => {
  test("is told at once that it is live, and from where", async () => {
    const api = await start();
    const at = await api.announce(...spoken(randomUUID(), 1));
    await until(() => api.live.position() === at, { what: "it is heard" });
    const client = await follow(api);
    expect(client.response.statusCode).toBe(200);
    expect(client.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    expect(client.response.headers).not.toHaveProperty("content-encoding");
    const [ready] = await client.has("ready");
    expect(ready).toMatchObject({ id: at, data: { event: "ready", position: at } });
    expect(client.frames).toHaveLength(1);
    expect(client.comments).toContain("live changes of Fio");
  });

  test("gets rows of every conversation, and messages of those that it follows", async () => {
    const api = await start();
    const [followed, other] = [randomUUID(), randomUUID()];
    const client = await follow(api, { conversations: [followed.toUpperCase(), randomUUID()] });
    await client.has("ready");
    await api.announce(...spoken(other, 3));
    const at = await api.announce(...spoken(followed, 5), removalChange(followed, 5));
    const rows = await client.has("conversation", 2);
    expect(rows.map((row) => [rowIdOf(row), versionOf(row)])).toEqual(
      expect.arrayContaining([
        [other, 3],
        [followed, 5],
      ]),
    );
    expect(client.of("message").map(({ data }) => data)).toEqual([
      expect.objectContaining({ conversation_id: followed, version: 5 }),
    ]);
    expect(client.of("message_removed")).toHaveLength(1);
    expect(client.lastId()).toBe(at);
  });

  test("finds no gap between a snapshot and the stream", async () => {
    const api = await start();
    const story = storyOf();
    await apply(store(), story.created(1));
    for (const path of ["/conversations/", `/conversations/${story.id}/`]) {
      const { headers } = await api.get(path);
      const position = headers.get(POSITION_HEADER)!;
      expect(position).toMatch(/^\d+-\d+$/);
      await api.announce(...spoken(story.id, 1));
      const client = await follow(api, { conversations: [story.id], after: position });
      await client.has("message");
      await client.has("conversation");
      expect(client.of("message")).toHaveLength(1);
    }
  });

  test("a heartbeat tells it that the connection lives", async () => {
    const client = await follow(await start({ heartbeatMs: 30 }));
    await until(() => client.comments.filter((comment) => comment === "heartbeat").length > 3, {
      what: "heartbeats come",
    });
  });
});

describe("what one client receives is bounded", () => {
  test("rows are coalesced: at most so many a flush, at most four flushes a second, the most recent first", async () => {
    const api = await start({ rowsPerFlush: 20 });
    const client = await follow(api);
    await client.has("ready");
    const ids = Array.from({ length: 70 }, () => randomUUID());
    const from = performance.now();
    for (let version = 1; version <= 10; version += 1) {
      await api.announce(...ids.map((id) => rowChange(id, version)));
    }
    await until(
      () =>
        ids.every((id) => client.frames.some((frame) => rowIdOf(frame) === id && versionOf(frame) === 10)),
      {
        what: "every row comes at its latest version",
      },
    );
    const rows = client.of("conversation");
    const elapsed = rows.at(-1)!.at - from;
    expect(rows.length).toBeLessThanOrEqual(20 * (Math.floor(elapsed / 250) + 2));
    expect(rows.length).toBeLessThan(70 * 10);
    const last = rows.slice(-70).map(rowIdOf);
    expect(last.indexOf(ids.at(-1)!)).toBeLessThan(last.indexOf(ids[0]!));
  });

  test("a row that is announced late does not take a newer one's place", async () => {
    const api = await start();
    const client = await follow(api);
    await client.has("ready");
    const [id, marker] = [randomUUID(), randomUUID()];
    await api.announce(rowChange(marker, 1));
    await client.has("conversation");
    await api.announce(rowChange(id, 8));
    await api.announce(rowChange(id, 7));
    await client.has("conversation", 2);
    await api.announce(rowChange(marker, 2));
    await client.has("conversation", 3);
    expect(client.of("conversation").map(versionOf)).toEqual([1, 8, 2]);
  });

  test("of more rows than are told one by one the freshest come; that others are left out is said; messages are all there", async () => {
    const api = await start({ maxPendingRows: 50, rowsPerFlush: 10 });
    const followed = randomUUID();
    const client = await follow(api, { conversations: [followed] });
    await client.has("ready");
    const ids = Array.from({ length: 100 }, (): string => randomUUID());
    const at = await api.announce(...spoken(followed, 1), ...ids.map((id) => rowChange(id, 1)));
    await client.has("skipped");
    await until(() => client.lastId() === at, { what: "nothing more waits for it" });
    expect(client.of("conversation").map(rowIdOf)).toEqual([followed, ...ids.slice(-10).toReversed()]);
    expect(client.of("message").map(versionOf)).toEqual([1]);
    expect(client.of("reset")).toEqual([]);
    expect(await api.metric("fio_stream_skips_total")).toBe(1);
  });

  test("who comes back to more rows than are told one by one is told so, with all messages", async () => {
    const api = await start({ maxPendingRows: 50, rowsPerFlush: 10, bufferedEntries: 10 });
    const followed = randomUUID();
    const position = await api.announce(rowChange(followed, 0));
    for (let version = 1; version <= 100; version += 1) {
      await api.announce(...spoken(followed, version), rowChange(randomUUID(), 1));
    }
    const client = await follow(api, { conversations: [followed], after: position });
    await client.has("skipped");
    await until(() => client.of("conversation").some((row) => versionOf(row) === 100), {
      what: "its row comes",
    });
    expect(client.of("message").map(versionOf)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(client.of("reset")).toEqual([]);
  });
});

test("a frame has an id only when every change before it has been sent", async () => {
  const api = await start({ rowsPerFlush: 5, flushMs: 40 });
  const ids = Array.from({ length: 12 }, (): string => randomUUID());
  const followed = ids.slice(0, 4);
  const versions = new Map<string, number>(ids.map((id) => [id, 0]));
  const client = await follow(api, { conversations: followed });
  await client.has("ready");
  const log: Array<{ position: string; id: string; version: number }> = [];
  for (let round = 0; round < 300; round += 1) {
    const id = ids[Math.floor(Math.random() * ids.length)]!;
    const version = versions.get(id)! + 1;
    versions.set(id, version);
    log.push({ position: await api.announce(...spoken(id, version)), id, version });
    if (round % 50 === 49) await sleep(Math.random() * 100);
    if (round % 100 === 99) {
      const end = log.at(-1)!.position;
      await until(() => client.lastId() === end, { what: "everything has come" });
    }
  }

  const seen = { rows: new Map<string, number>(), messages: new Set<string>() };
  for (const frame of client.frames) {
    const { data } = frame;
    if (data.event === "conversation") seen.rows.set(rowIdOf(frame), versionOf(frame));
    if (data.event === "message") seen.messages.add(`${data.conversation_id} ${data.version}`);
    if (frame.id === null) continue;
    for (const { position, id, version } of log) {
      if (comparePositions(position, frame.id) > 0) break;
      expect(seen.rows.get(id) ?? 0).toBeGreaterThanOrEqual(version);
      if (followed.includes(id)) expect(seen.messages).toContain(`${id} ${version}`);
    }
  }
  expect(client.frames.filter(({ id }) => id !== null).length).toBeGreaterThanOrEqual(3);
});

test("what cannot be read is left out, and the rest goes on", async () => {
  const api = await start();
  const client = await follow(api);
  await client.has("ready");
  await api.announceRaw("not JSON");
  await api.announceRaw("{}");
  await api.announce({ event: "of a later version" } as never, rowChange(randomUUID(), 1));
  await client.has("conversation");
});
