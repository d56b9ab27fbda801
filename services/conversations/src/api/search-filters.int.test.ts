import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { searchHit, type Direction, type SearchHit, type Timestamp } from "@fio/contracts";
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

  type Said = [content: string, at: string, direction?: Direction];
  const say = async (...texts: Said[]) => {
    const story = storyOf();
    const messages = texts.map(([content, at, direction], index) =>
      story.message(index + 2, {
        content,
        timestamp: `${at.padEnd(19, ":00")}.000000Z` as Timestamp,
        ...(direction === undefined ? {} : { direction }),
      }),
    );
    await apply(store, story.created(1), ...messages);
    return story;
  };
  const hits = (answer: Answer): SearchHit[] => {
    expect(answer.status).toBe(200);
    return z.array(searchHit).parse(answer.body);
  };
  const contents = (found: readonly SearchHit[]): string[] =>
    found.map(({ message }) => message?.content ?? "");
  /** Page by page to the end. */
  const pages = async (path: string): Promise<SearchHit[][]> => {
    const seen: SearchHit[][] = [];
    for (let next: string | null = path; next !== null;) {
      const answer: Answer = await api.get(next);
      seen.push(hits(answer));
      next = answer.next;
    }
    return seen;
  };
  const all = async (path: string): Promise<string[]> => (await pages(path)).flatMap(contents);

  describe("filters", () => {
    test("leave what was written between two times, a date being whole, in UTC or in its offset", async () => {
      await say(
        ["prazo 1", "2025-01-31T23:59:59"],
        ["prazo 2", "2025-02-01T00:00:00"],
        ["prazo 3", "2025-02-01T02:59:59"],
        ["prazo 4", "2025-02-01T23:59:59"],
        ["prazo 5", "2025-02-02T02:59:59"],
        ["prazo 6", "2025-02-02T03:00:00"],
      );
      const found = async (more: string): Promise<string> =>
        (await all(`/search?q=prazo&limit=2&${more}`)).map((text) => text.slice(-1)).join("");
      expect(await found("from=2025-02-01&to=2025-02-01")).toBe("432");
      expect(await found("from=2025-02-01")).toBe("65432");
      expect(await found("to=2025-02-01")).toBe("4321");
      expect(await found("from=2025-02-01-03:00&to=2025-02-01-03:00")).toBe("54");
      expect(await found("from=2025-02-01T02:59:59&to=2025-02-02T02:59:59")).toBe("43");
      expect(await found("from=2025-02-01T02:59:59.000001Z&to=2025-02-02T02:59:59.000001Z")).toBe("54");
      expect(await found("to=9999-12-31&from=0000-01-01")).toBe("654321");
      expect(await found("from=2025-03-01")).toBe("");
      expect(await found("to=2025-01-01")).toBe("");
    });

    test("leave what one side wrote, and what stands in conversations of one state as it is now", async () => {
      const story = await say(
        ["troco", "2025-02-01T10:00:01", "SENT"],
        ["troco, por favor", "2025-02-01T10:00:02", "RECEIVED"],
      );
      await say(["sem troco", "2025-02-01T10:00:03", "RECEIVED"]);
      expect(await all("/search?q=troco&direction=SENT")).toEqual(["troco"]);
      expect(await all("/search?q=troco&direction=RECEIVED")).toEqual(["sem troco", "troco, por favor"]);
      expect(await all("/search?q=troco&state=CLOSED")).toEqual([]);
      await apply(store, story.closed(50));
      expect(await all("/search?q=troco&state=CLOSED&limit=1")).toEqual(["troco, por favor", "troco"]);
      expect(await all("/search?q=troco&state=OPEN")).toEqual(["sem troco"]);
      expect(await all("/search?q=troco&state=CLOSED&direction=SENT&from=2025-02-01&to=2025-02-01")).toEqual([
        "troco",
      ]);
    });

    test("hold for what an id names too", async () => {
      const story = await say(["um só", "2025-02-01T10:00:01"]);
      const path = `/search?q=${story.id}`;
      expect(await all(`${path}&state=CLOSED`)).toEqual([]);
      expect(hits(await api.get(`${path}&state=OPEN`))).toHaveLength(1);
      const [{ message }] = hits(await api.get("/search?q=um%20so")) as [SearchHit];
      const named = `/search?q=${message?.id}`;
      expect(await all(named)).toEqual(["um só"]);
      expect(await all(`${named}&direction=SENT`)).toEqual([]);
      expect(await all(`${named}&to=2025-02-01`)).toEqual(["um só"]);
      expect(await all(`${named}&from=2025-02-02`)).toEqual([]);
      expect(await all(`${named}&kind=conversation`)).toEqual([]);
    });

    test("find one in a thousand, however many of the others stand at one place", async () => {
      const story = storyOf();
      const timestamp = "2025-02-01T10:00:00.000000Z" as Timestamp;
      const messages = Array.from({ length: 1_000 }, (_, index) =>
        story.message(index + 2, {
          content: `lote ${index}`,
          timestamp,
          direction: index % 500 === 7 ? "SENT" : "RECEIVED",
        }),
      );
      await apply(store, story.created(1), ...messages);
      expect(await all("/search?q=lote&direction=SENT&limit=1")).toEqual(["lote 507", "lote 7"]);
      expect(await all("/search?q=lote&limit=100")).toEqual(
        Array.from({ length: 1_000 }, (_, index) => `lote ${999 - index}`),
      );
    });
  });

  describe("groups", () => {
    test("show each conversation once a page, by its newest message, and count the others of the page", async () => {
      const said = (count: number, minute: number): Said[] =>
        Array.from({ length: count }, (_, index) => [
          `agrupado ${minute} ${index}`,
          `2025-02-03T10:0${minute}:${String(index).padStart(2, "0")}`,
        ]);
      const busy = await say(...said(50, 5), ...said(30, 1));
      const calm = await say(...said(2, 4));
      const quiet = await say(...said(1, 3));
      const groups = (found: readonly SearchHit[]) =>
        found.map(({ conversation_id, message, more }) => [conversation_id, message?.content, more]);
      const path = "/search?q=agrupado&group=conversation";
      expect((await pages(path)).map(groups)).toEqual([
        [
          [busy.id, "agrupado 5 49", 79],
          [calm.id, "agrupado 4 1", 1],
          [quiet.id, "agrupado 3 0", 0],
        ],
      ]);
      // A conversation comes again where a later page holds older messages of it.
      expect((await pages(`${path}&limit=2`)).map(groups)).toEqual([
        [
          [busy.id, "agrupado 5 49", 49],
          [calm.id, "agrupado 4 1", 1],
        ],
        [
          [quiet.id, "agrupado 3 0", 0],
          [busy.id, "agrupado 1 29", 29],
        ],
      ]);
      const each = (await pages(`${path}&limit=1`)).flat();
      expect(each.reduce((sum, { more }) => sum + 1 + (more ?? 0), 0)).toBe(83);
    });

    test("stand for at most 500 messages a page, and lead on from there", async () => {
      const story = storyOf();
      const messages = Array.from({ length: 700 }, (_, index) =>
        story.message(index + 2, {
          content: `enxurrada ${index}`,
          timestamp: `2025-02-04T10:${String(index % 60).padStart(2, "0")}:00.000000Z` as Timestamp,
        }),
      );
      await apply(store, story.created(1), ...messages);
      await say(["enxurrada antes", "2025-02-03T23:00:00"]);
      const seen = await pages("/search?q=enxurrada&group=conversation");
      // On a busy machine a page may end at its time.
      const standFor = seen.map((page) => page.reduce((sum, { more }) => sum + 1 + (more ?? 0), 0));
      expect(standFor.reduce((sum, messages) => sum + messages, 0)).toBe(701);
      expect(Math.max(...standFor)).toBeLessThanOrEqual(500);
      expect(seen.every((page) => page.length <= 2)).toBe(true);
    });

    test("begin with conversations too, where the query names some", async () => {
      const story = await say(["x", "2025-02-01T10:00:01"]);
      const [hit] = hits(await api.get(`/search?q=${story.id.slice(0, 13)}&group=conversation`));
      expect(hit).toMatchObject({ conversation_id: story.id, message: null });
    });
  });
});
