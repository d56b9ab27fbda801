import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conversation as conversationShape, type Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { apply, storyOf } from "../store/testing/fixture.ts";
import { startStoredApi, type Answer, type Api } from "./testing/start-api.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create));
  });
  afterAll(() => remove());

  /** A conversation of messages `1` to `count`, each a second after the one before, and their ids. */
  async function conversationOf(count: number, secondOf = (n: number): number => n) {
    const story = storyOf();
    const ids = Array.from({ length: count }, () => randomUUID());
    const messages = ids.map((messageId, index) =>
      story.message(index + 2, {
        messageId,
        content: String(index + 1),
        timestamp: story.at(secondOf(index + 1)),
      }),
    );
    await apply(store, story.created(1), ...messages);
    return { story, path: `/conversations/${story.id}/`, idOf: (n: number) => ids[n - 1] ?? "" };
  }
  const shown = (answer: Answer): string => {
    expect(answer.status).toBe(200);
    return conversationShape
      .parse(answer.body)
      .messages.map(({ content }) => content)
      .join(" ");
  };
  const pages = async (first: string | null, direction: "next" | "prev"): Promise<string[]> => {
    const seen: string[] = [];
    for (let path = first; path !== null;) {
      const page: Answer = await api.get(path);
      // Whoever pages one way came from the other.
      expect(direction === "next" ? page.prev : page.next).toBeNull();
      seen.push(shown(page));
      path = page[direction];
    }
    return seen;
  };

  describe("a thread around a message", () => {
    test("has half a page on either side, and leads both ways to the ends", async () => {
      const { path, idOf } = await conversationOf(11);
      const page = await api.get(`${path}?around=${idOf(6).toUpperCase()}&limit=4`);
      expect(shown(page)).toBe("4 5 6 7");
      expect(await pages(page.next, "next")).toEqual(["8 9 10 11"]);
      expect(await pages(page.prev, "prev")).toEqual(["1 2 3"]);
      const odd = await api.get(`${path}?limit=3&around=${idOf(6)}`);
      expect(shown(odd)).toBe("5 6 7");
      expect(await pages(odd.next, "next")).toEqual(["8 9 10", "11"]);
      expect(await pages(odd.prev, "prev")).toEqual(["2 3 4", "1"]);
      const one = await api.get(`${path}?limit=1&around=${idOf(6)}`);
      expect(shown(one)).toBe("6");
      expect(await pages(one.next, "next")).toEqual(["7", "8", "9", "10", "11"]);
      expect(await pages(one.prev, "prev")).toEqual(["5", "4", "3", "2", "1"]);
    });

    test("has no link where nothing follows", async () => {
      const { path, idOf } = await conversationOf(5);
      const first = await api.get(`${path}?around=${idOf(1)}&limit=4`);
      expect([shown(first), first.prev, first.next]).toEqual(["1 2", null, expect.any(String)]);
      const last = await api.get(`${path}?around=${idOf(5)}&limit=4`);
      expect([shown(last), last.prev, last.next]).toEqual(["3 4 5", expect.any(String), null]);
      const all = await api.get(`${path}?around=${idOf(3)}&limit=6`);
      expect([shown(all), all.prev, all.next]).toEqual(["1 2 3 4 5", null, null]);
      const whole = await api.get(`${path}?around=${idOf(3)}`);
      expect([shown(whole), whole.headers.get("link")]).toEqual(["1 2 3 4 5", null]);
    });

    test("goes by receipt where many messages stand at one place", async () => {
      const { path, idOf } = await conversationOf(9, () => 10);
      const page = await api.get(`${path}?around=${idOf(5)}&limit=2`);
      expect(shown(page)).toBe("4 5");
      expect(await pages(page.next, "next")).toEqual(["6 7", "8 9"]);
      expect(await pages(page.prev, "prev")).toEqual(["2 3", "1"]);
    });

    test("is not found where the message is not in the conversation: in another, refused, waiting, or never sent", async () => {
      const { path, story } = await conversationOf(2);
      const other = await conversationOf(1);
      const [refused, waiting] = [randomUUID(), randomUUID()];
      const unknown = storyOf();
      await apply(store, story.closed(20), story.message(21, { messageId: refused }));
      await apply(store, unknown.message(1, { messageId: waiting }));
      for (const messageId of [other.idOf(1), refused, waiting, randomUUID(), story.id]) {
        expect(await api.get(`${path}?around=${messageId}`)).toMatchObject({
          status: 404,
          body: { code: "MESSAGE_NOT_FOUND" },
        });
      }
      for (const id of [unknown.id, randomUUID()]) {
        expect(await api.get(`/conversations/${id}/?around=${waiting}`)).toMatchObject({
          status: 404,
          body: { code: "CONVERSATION_NOT_FOUND" },
        });
      }
    });

    test("knows a message that was taken out again no more", async () => {
      const { path, story } = await conversationOf(1);
      const messageId = randomUUID();
      await apply(store, story.message(30, { messageId, content: "overtaken" }));
      expect(shown(await api.get(`${path}?around=${messageId}`))).toContain("overtaken");
      await apply(store, story.closed(29));
      expect((await api.get(`${path}?around=${messageId}`)).status).toBe(404);
    });
  });

  describe("a thread at a time", () => {
    test("has half a page before it and half a page from it on, and leads both ways", async () => {
      const { path, story } = await conversationOf(9);
      const page = await api.get(`${path}?at=${story.at(5)}&limit=4`);
      expect(shown(page)).toBe("3 4 5 6");
      expect(await pages(page.next, "next")).toEqual(["7 8 9"]);
      expect(await pages(page.prev, "prev")).toEqual(["1 2"]);
      expect(shown(await api.get(`${path}?at=2025-02-21T07:20:05.5-03:00&limit=2`))).toBe("5 6");
    });

    test("is the end of the thread where nothing came after, and its beginning where nothing came before", async () => {
      const { path } = await conversationOf(5);
      const late = await api.get(`${path}?at=2026-01-01&limit=4`);
      expect([shown(late), late.next]).toEqual(["4 5", null]);
      expect(await pages(late.prev, "prev")).toEqual(["1 2 3"]);
      const early = await api.get(`${path}?at=0000-01-01&limit=4`);
      expect([shown(early), early.prev]).toEqual(["1 2", null]);
      expect(await pages(early.next, "next")).toEqual(["3 4 5"]);
      const none = await api.get(`${path}?at=2026-01-01&limit=1`);
      expect([shown(none), none.next]).toEqual(["", null]);
      expect(await pages(none.prev, "prev")).toEqual(["5", "4", "3", "2", "1"]);
    });

    test("takes a date for its beginning, in UTC unless it says otherwise", async () => {
      const story = storyOf();
      const hours = [1, 2, 4, 5].map((hour) =>
        story.message(hour + 1, {
          content: `${hour}h`,
          timestamp: `2025-02-20T0${hour}:00:00.000000Z` as Timestamp,
        }),
      );
      await apply(store, story.created(1), ...hours);
      const first = async (at: string): Promise<string> =>
        shown(await api.get(`/conversations/${story.id}/?at=${at}&limit=2`));
      expect(await first("2025-02-20")).toBe("1h");
      expect(await first("2025-02-20Z")).toBe("1h");
      expect(await first("2025-02-20-03:00")).toBe("2h 4h");
      expect(await first("2025-02-21%2B20:00")).toBe("2h 4h");
    });

    test("of a conversation without messages is empty", async () => {
      const { path } = await conversationOf(0);
      const page = await api.get(`${path}?at=2025-02-21`);
      expect([shown(page), page.headers.get("link")]).toEqual(["", null]);
      expect((await api.get(`/conversations/${randomUUID()}/?at=2025-02-21`)).status).toBe(404);
    });
  });

  test("whoever pages onward meets what came meanwhile, once and in its place", async () => {
    const { path, story, idOf } = await conversationOf(6);
    const page = await api.get(`${path}?around=${idOf(1)}&limit=4`);
    await apply(
      store,
      story.message(40, { content: "late", timestamp: "2025-02-21T10:20:04.500000Z" as never }),
    );
    await apply(store, story.message(41, { content: "new", timestamp: story.at(20) }));
    const seen = [shown(page), ...(await pages(page.next, "next"))].join(" ");
    expect(seen).toBe("1 2 3 4 late 5 6 new");
  });
});
