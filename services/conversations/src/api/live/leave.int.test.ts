import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { until } from "../../../../../test/support/until.ts";
import { messageChange, rowChange, spoken } from "../testing/changes.ts";
import { streamRig, versionOf } from "../testing/stream-rig.ts";
import { followStream } from "../testing/stream-client.ts";

const { start, follow } = streamRig();

describe("a client that goes", () => {
  test("takes all that was held for it along, a thousand times over", { timeout: 60_000 }, async () => {
    const api = await start();
    const id = randomUUID();
    for (let version = 1; version <= 50; version += 1) await api.announce(...spoken(id, version));
    const position = api.live.position()!;
    const stays = await follow(api, { conversations: [id] });
    for (let round = 0; round < 10; round += 1) {
      const many = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          followStream(api.url, {
            conversations: [id, randomUUID()],
            after: index % 2 === 0 ? position : undefined,
          }),
        ),
      );
      expect(await api.metric("fio_stream_clients")).toBe(101);
      await api.announce(...spoken(id, 51 + round));
      // Some in the middle of their first frames, some later.
      if (round % 2 === 0) await many[0]!.has("ready");
      for (const client of many) client.close();
      await until(async () => (await api.metric("fio_stream_clients")) === 1, {
        what: "they are gone",
        everyMs: 10,
      });
    }
    expect((await stays.has("message", 10)).map(versionOf)).toEqual(
      Array.from({ length: 10 }, (_, index) => 51 + index),
    );
    stays.close();
    await until(async () => (await api.metric("fio_stream_clients")) === 0, { what: "nobody is left" });
  });

  test("reads too slowly: it is cut off, others are not, and it finds what it missed", async () => {
    const api = await start({ maxBuffered: 256 * 1024 });
    const id = randomUUID();
    const slow = await follow(api, { conversations: [id] });
    const quick = await follow(api, { conversations: [id] });
    await Promise.all([slow.has("ready"), quick.has("ready")]);
    const from = slow.lastId()!;
    slow.pause();
    const text = "x".repeat(60_000);
    let version = 0;
    await until(
      async () => {
        for (let burst = 0; burst < 5; burst += 1) {
          version += 1;
          await api.announce(rowChange(id, version), messageChange(id, version, text));
        }
        return (await api.metric("fio_stream_cut_offs_total")) > 0;
      },
      { what: "the slow one is cut off", everyMs: 5 },
    );
    slow.resume();
    await until(() => slow.ended(), { what: "it notices" });
    const back = await follow(api, { conversations: [id], lastEventId: slow.lastId() ?? from });
    await back.has("ready");
    const read = new Set([...slow.of("message"), ...back.of("message")].map(versionOf));
    await until(() => quick.of("message").length === version, { what: "the other one gets all" });
    expect(read.size).toBe(version);
    expect(quick.ended()).toBe(false);
    expect(await api.metric("fio_stream_cut_offs_total")).toBe(1);
  });
});

test("the end of the service ends every stream at once", async () => {
  const api = await start();
  const some = await Promise.all(Array.from({ length: 20 }, () => follow(api)));
  await some[0]!.has("ready");
  const from = performance.now();
  await api.close();
  expect(performance.now() - from).toBeLessThan(2_000);
  await until(() => some.every((client) => client.ended()), { what: "all have ended" });
});
