import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { handleOf, searchHit, type SearchHit, type Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { apply, storyOf } from "../store/testing/fixture.ts";
import { startStoredApi, type Answer, type Api } from "./testing/start-api.ts";

/** Ids in the order of their activity, of which each has this name. */
function idsNamed(name: string, count: number): string[] {
  const ids: string[] = [];
  while (ids.length < count) {
    const id = randomUUID();
    if (handleOf(id).name === name) ids.push(id);
  }
  return ids;
}

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  const polar = idsNamed("Morro Polar", 8);
  const serra = idsNamed("Morro Suave", 1);
  const others = ["Lua Nobre", "Farol Polar"].flatMap((name) => idsNamed(name, 1));
  /** Ids that nobody draws: they begin alike and end alike, and none has a name that is asked for below. */
  const alike = Array.from(
    { length: 300 },
    (_, n) => `abcd1234-${String(n).padStart(4, "0")}-4000-8000-00000000beef`,
  )
    .filter((id) => !/Morro|Farol|Polar/.test(handleOf(id).name))
    .slice(0, 240);
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create));
    for (const [index, id] of [...polar, ...serra, ...others].entries()) {
      const story = storyOf(id);
      const timestamp = `2025-02-20T10:00:${String(index + 10)}.000000Z` as Timestamp;
      await apply(
        store,
        { ...story.created(1), event: { ...story.created(1).event, timestamp } },
        story.message(2, { content: index === 0 ? "subi o morro" : "outra coisa", timestamp }),
        ...(index % 2 === 1 ? [story.closed(3)] : []),
      );
    }
    for (const [index, id] of alike.entries()) {
      const story = storyOf(id);
      const timestamp = `2025-02-19T10:${String(index % 60).padStart(2, "0")}:00.000000Z` as Timestamp;
      await apply(store, { ...story.created(1), event: { ...story.created(1).event, timestamp } });
    }
    // One that is only waited for is nobody's.
    await apply(store, storyOf(idsNamed("Morro Polar", 1)[0]).message(1));
  }, 60_000);
  afterAll(() => remove());

  const search = async (q: string, more = ""): Promise<SearchHit[]> =>
    hits(await api.get(`/search?q=${encodeURIComponent(q)}${more}`));
  const hits = (answer: Answer): SearchHit[] => {
    expect(answer.status).toBe(200);
    return z.array(searchHit).parse(answer.body);
  };
  const conversations = (found: readonly SearchHit[]): string[] =>
    found.flatMap((hit) => (hit.message === null ? [hit.conversation_id] : []));
  const related = (answer: Answer): string | null =>
    /<([^>]*)>; rel="related"/.exec(answer.headers.get("link") ?? "")?.[1] ?? null;
  /** In pages of 20, whatever is asked for. */
  const all = async (first: string): Promise<string[]> => {
    const seen: string[] = [];
    for (let path: string | null = first; path !== null;) {
      const page: Answer = await api.get(path);
      expect(hits(page).length).toBeLessThanOrEqual(20);
      seen.push(...conversations(hits(page)));
      path = page.next;
    }
    return seen;
  };
  const newestPolar = polar.toReversed();

  test("a name finds its conversations, newest activity first and a handful, before the messages", async () => {
    const answer = await api.get("/search?q=Morro%20Polar");
    expect(conversations(hits(answer))).toEqual(newestPolar.slice(0, 5));
    expect(hits(answer)[0]).toMatchObject({
      state: "CLOSED",
      message: null,
      conversation: { id: newestPolar[0], last_message_preview: "outra coisa" },
    });
    const found = await search("morro");
    expect(conversations(found)).toEqual([...serra, ...newestPolar.slice(0, 4)]);
    expect(found.slice(5).map(({ message }) => message?.content)).toEqual(["subi o morro"]);
  });

  test("the others are one link away, page by page", async () => {
    const answer = await api.get("/search?q=mor%20pol&limit=2&group=conversation");
    const more = await all(related(answer)!);
    expect([...conversations(hits(answer)), ...more]).toEqual(newestPolar);
    expect(await all("/search?q=morro&kind=conversation&limit=3")).toEqual([...serra, ...newestPolar]);
    expect(related(await api.get("/search?q=Farol%20Polar"))).toBeNull();
    expect(await all("/search?q=abcd1234&kind=conversation&limit=100")).toHaveLength(200);
  });

  test("its words are found by their beginnings, in any order, accents and case folded", async () => {
    for (const q of ["POLAR fár", "farol polar", "Fa pol", "  farol,  polar  "]) {
      expect([q, conversations(await search(q))]).toEqual([q, [others[1]]]);
    }
    for (const q of ["f", "farol polar sul", "arol", "farol%", "f_rol"]) {
      expect([q, conversations(await search(q))]).toEqual([q, q === "farol%" ? [others[1]] : []]);
    }
  });

  test("the tail alone finds it, or with its name as it is shown", async () => {
    const { name, tail } = handleOf(polar[3]!);
    expect(conversations(await search(tail))).toContain(polar[3]);
    expect(conversations(await search(`${name} ${tail}`))).toEqual([polar[3]]);
    expect(conversations(await search(`${tail.toUpperCase()} morro`))).toEqual([polar[3]]);
    for (const digits of [1, 2, 3]) {
      const found = conversations(await search(`${name} ${tail.slice(0, digits)}`));
      expect(found).toContain(polar[3]);
      for (const id of found) expect(handleOf(id).tail.startsWith(tail.slice(0, digits))).toBe(true);
    }
    expect(await search(`${name} ${tail.slice(0, 3)}${tail.endsWith("0") ? "1" : "0"}`)).toEqual([]);
    expect(conversations(await search(`Serra ${tail}`))).toEqual([]);
  });

  test("a tail that hundreds have gives the newest of all", async () => {
    const found = await search("beef");
    expect(found.map(({ conversation }) => conversation?.activity_at.slice(11, 16))).toEqual([
      "10:59",
      "10:59",
      "10:59",
      "10:59",
      "10:58",
    ]);
    expect(await all("/search?q=beef&kind=conversation")).toHaveLength(alike.length);
  });

  test("any beginning of an id finds it, with hyphens or without", async () => {
    const id = polar[2]!;
    const digits = id.replaceAll("-", "");
    for (const q of [
      id.slice(0, 8),
      id.slice(0, 9),
      id.slice(0, 14),
      digits.slice(0, 12),
      digits.slice(0, 31),
    ]) {
      expect([q, conversations(await search(q.toUpperCase()))]).toEqual([q, [id]]);
    }
    expect(conversations(await search(id.slice(0, 4)))).toContain(id);
    expect(conversations(await search(digits))).toEqual([id]);
    expect(conversations(await search(id.slice(0, 3)))).toEqual([]);
  });

  test("of one state alone, where that is asked for", async () => {
    const closed = newestPolar.filter((_, index) => index % 2 === 0);
    expect(conversations(await search("morro polar", "&state=CLOSED"))).toEqual(closed);
    expect(await all("/search?q=morro%20polar&kind=conversation&state=CLOSED")).toEqual(closed);
    expect(conversations(await search(polar[0]!.slice(0, 13), "&state=CLOSED"))).toEqual([]);
  });

  test("not on the pages of messages that follow, nor where only messages are asked for", async () => {
    const first = await api.get("/search?q=outra&limit=2");
    expect(conversations(hits(await api.get(first.next!)))).toEqual([]);
    for (const more of ["kind=message", "direction=RECEIVED", "from=2025-01-01", "to=2026-01-01"]) {
      const found = await search("morro", `&${more}`);
      expect([more, found.map(({ message }) => message?.content)]).toEqual([more, ["subi o morro"]]);
    }
    expect(await search(polar[0]!, "&kind=message")).toEqual([]);
  });
});
