import { afterAll, beforeAll, expect, test } from "vitest";
import { queryTerms } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import { vocabulary } from "../backfills/vocabulary.ts";
import type { Store } from "../connect.ts";
import { apply, migratedStore, storyOf } from "../testing/fixture.ts";
import { completionsOf } from "./completions.ts";
import { searchMessages } from "./search.ts";

/** Postgres' vocabulary has its first 64 letters. */
const LONG = "prolixo".repeat(12);

forEachDatabase(({ kind, create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    const story = storyOf();
    const texts = [
      "entrega",
      "Entregador ENTREGA entregue",
      "entre 👍 entreg",
      "東京タワー",
      LONG,
      "4711",
      ...Array.from({ length: 65 }, (_, index) => `pedido${index}`),
    ];
    const messages = texts.map((content, index) => story.message(index + 2, { content }));
    await apply(store, story.created(1), ...messages);
  });
  afterAll(() => remove());

  const completions = async (q: string): Promise<string[] | null> =>
    (await completionsOf(store, queryTerms(q)))?.toSorted() ?? null;
  const found = async (q: string): Promise<number> =>
    (await searchMessages(store, { q, limit: 100 })).items.length;

  test("the words of all messages that a query's last word begins", async () => {
    expect(await completions("entreg")).toEqual(["entreg", "entrega", "entregador", "entregue"]);
    expect(await completions("nada ENTREGA")).toEqual(["entrega", "entregador"]);
    expect(await completions("entregas")).toEqual([]);
    expect(await completions("zzzz")).toEqual([]);
    expect(await completions("pedido6")).toHaveLength(6);
  });

  test("none are told of where there are too many, or where the index takes the beginning as it is", async () => {
    expect(await completions("pedi")).toBeNull();
    for (const q of ["e", "👍", "京", "91234-5678"]) expect([q, await completions(q)]).toEqual([q, null]);
  });

  test("all are found by a beginning, whether their words are told of or not", async () => {
    expect(await found("entreg")).toBe(3);
    expect(await found("pedi")).toBe(65);
    expect(await found("pedido64")).toBe(1);
    for (const q of ["47", "4711", "prolixo", LONG.slice(0, 70), LONG])
      expect([q, await found(q)]).toEqual([q, 1]);
    expect(await found(LONG.replace("prolixo", "prolixa"))).toBe(0);
  });

  test("a wide stretch of time is asked for words, not for all that a beginning finds", async () => {
    const asked: string[] = [];
    store.read.on("query", ({ bindings }: { bindings?: unknown[] }) => {
      for (const binding of bindings ?? []) if (typeof binding === "string") asked.push(binding);
    });
    const { items } = await searchMessages(store, { q: "entreg", limit: 50 });
    expect(items).toHaveLength(3);
    const matches = asked.filter((binding) => /["']entreg["']/.test(binding));
    expect(matches.length).toBeGreaterThan(0);
    expect(matches.filter((match) => match.includes("*"))).toEqual([]);
  });

  const onPostgres = kind === "postgres" ? test : null;
  onPostgres?.(
    "messages from before the vocabulary are found meanwhile, and are in it at the end",
    async () => {
      await store.write("search_words").delete();
      await store.write("backfills").where({ name: vocabulary.name }).update({ walk: 1, finished: false });
      expect(await completions("entreg")).toBeNull();
      expect(await found("entreg")).toBe(3);
      const [story, content] = [storyOf(), "entregamos"];
      await apply(store, story.created(1), story.message(2, { content }));
      expect(await found("entreg")).toBe(4);

      for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
        const walked = await store.write.transaction((knex) =>
          vocabulary.step({ dialect: store.dialect, knex }, { after, limit: 20 }),
        );
        after = walked.next;
      }
      await store.write("backfills").where({ name: vocabulary.name }).update({ walk: 2 });
      expect(await completions("entreg")).toEqual([
        "entreg",
        "entrega",
        "entregador",
        "entregamos",
        "entregue",
      ]);
      expect(await found("entreg")).toBe(4);
    },
  );
});
