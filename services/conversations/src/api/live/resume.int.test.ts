import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../../../../test/support/until.ts";
import { messageChange, rowChange, spoken } from "../testing/changes.ts";
import { rowIdOf, streamRig, versionOf } from "../testing/stream-rig.ts";

const { start, follow } = streamRig();

describe("a client that comes back", () => {
  test.each([
    ["from memory", {}, "memory"],
    ["from Redis", { bufferedEntries: 4 }, "redis"],
  ])("gets what it missed, in order and once, %s", async (_how, limits, from) => {
    const api = await start(limits);
    const id = randomUUID();
    const first = await follow(api, { conversations: [id] });
    await api.announce(...spoken(id, 1));
    await first.has("conversation");
    first.close();
    for (let version = 2; version <= 200; version += 1) await api.announce(...spoken(id, version));
    const second = await follow(api, { conversations: [id], lastEventId: first.lastId()!, after: "0-0" });
    const [ready] = await second.has("ready");
    expect(second.of("message").map(versionOf)).toEqual(Array.from({ length: 199 }, (_, index) => index + 2));
    // The row is still owed.
    expect(ready?.id).toBeNull();
    const [row] = await second.has("conversation");
    expect(versionOf(row!)).toBe(200);
    await api.announce(...spoken(id, 201));
    await second.has("message", 200);
    await second.has("conversation", 2);
    expect(second.of("conversation").map(versionOf)).toEqual([200, 201]);
    expect(await api.metric("fio_stream_resumed_total", { from })).toBe(1);
  });

  test("misses nothing and gets nothing twice, whenever it is cut", { timeout: 60_000 }, async () => {
    const api = await start({ bufferedEntries: 20, flushMs: 50 });
    const ids = Array.from({ length: 5 }, () => randomUUID());
    const total = 2_000;
    let announced = 0;
    const speak = async (): Promise<void> => {
      const versions = new Map<string, number>();
      for (; announced < total; announced += 1) {
        const id = ids[announced % ids.length]!;
        const version = (versions.get(id) ?? 0) + 1;
        versions.set(id, version);
        await api.announce(...spoken(id, version));
        if (announced % 100 === 0) await sleep(20);
      }
    };
    const expected = ids.flatMap((id) =>
      Array.from({ length: total / ids.length }, (_, index) => `${id} ${index + 1}`),
    );
    let from = api.live.position()!;
    const got = new Set<string>();
    const rows = new Map<string, number>();
    const speaking = speak();
    for (let connection = 0; got.size < expected.length || connection < 20; connection += 1) {
      const client = await follow(api, { conversations: ids, lastEventId: from });
      await client.has("ready");
      if (connection < 20) await sleep(Math.random() * 60);
      else await until(() => client.lastId() !== null && announced === total, { what: "all is said" });
      const own = client.of("message").map(({ data }) => data);
      const names = own.map((data) =>
        data.event === "message" ? `${data.conversation_id} ${data.version}` : "",
      );
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) got.add(name);
      for (const row of client.of("conversation")) {
        rows.set(rowIdOf(row), Math.max(versionOf(row), rows.get(rowIdOf(row)) ?? 0));
      }
      from = client.lastId() ?? from;
      client.close();
      if (connection > 200) break;
    }
    await speaking;
    expect([...got].toSorted()).toEqual(expected.toSorted());
    const last = await follow(api, { lastEventId: from });
    await last.has("ready");
    await until(() => last.lastId() !== null, { what: "it is live" });
    for (const row of last.of("conversation")) rows.set(rowIdOf(row), versionOf(row));
    expect(ids.map((id) => rows.get(id))).toEqual(ids.map(() => total / ids.length));
    expect(await api.metric("fio_stream_resets_total")).toBe(0);
  });

  test("is owed rows that leave at their own pace, and given an id with the last of them", async () => {
    const api = await start({ rowsPerFlush: 20, flushMs: 50 });
    const position = api.live.position()!;
    const ids = Array.from({ length: 50 }, () => randomUUID());
    let end = "";
    for (const id of ids) end = await api.announce(rowChange(id, 1));
    await until(() => api.live.position() === end, { what: "they are heard" });
    const client = await follow(api, { after: position });
    const rows = await client.has("conversation", 50);
    expect(rows.map(({ id }) => id)).toEqual([...Array<null>(49).fill(null), end]);
    expect(new Set(rows.map(rowIdOf)).size).toBe(50);
  });

  test("past what the stream still holds is told to load a snapshot, and is live from there", async () => {
    const api = await start({ bufferedEntries: 2 });
    const id = randomUUID();
    const position = await api.announce(...spoken(id, 1));
    for (let version = 2; version <= 20; version += 1) await api.announce(...spoken(id, version));
    await until(() => api.live.position() !== position, { what: "they are heard" });
    await api.trim();
    const client = await follow(api, { conversations: [id], after: position });
    const [reset] = await client.has("reset");
    expect(reset?.id).toBe(api.live.position());
    expect(client.of("message")).toEqual([]);
    await api.announce(...spoken(id, 21));
    expect((await client.has("message")).map(versionOf)).toEqual([21]);
  });

  test("from a place that the stream has not reached is told to load a snapshot", async () => {
    const api = await start();
    await api.announce(...spoken(randomUUID(), 1));
    const client = await follow(api, { after: "9999999999999-0" });
    await client.has("reset");
  });

  test("to a stream with nothing new is live at once", async () => {
    const api = await start();
    const at = await api.announce(...spoken(randomUUID(), 1));
    await until(() => api.live.position() === at, { what: "it is heard" });
    const client = await follow(api, { after: at });
    expect((await client.has("ready"))[0]).toMatchObject({ id: at, data: { position: at } });
    expect(client.frames).toHaveLength(1);
  });

  test("to more than it can take at once is given the time to read it", async () => {
    const api = await start({ maxBuffered: 64 * 1024, bufferedEntries: 10 });
    const id = randomUUID();
    const position = await api.announce(rowChange(id, 0));
    const text = "á".repeat(60_000);
    for (let version = 1; version <= 150; version += 1) {
      await api.announce(rowChange(id, version), messageChange(id, version, text));
    }
    const client = await follow(api, { conversations: [id], after: position });
    await client.has("ready");
    expect(client.of("message").map(versionOf)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(await api.metric("fio_stream_cut_offs_total")).toBe(0);
  });
});
