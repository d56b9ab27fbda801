import { afterAll, beforeAll, expect, test } from "vitest";
import { queryTerms } from "@fio/contracts";
import { sqliteDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { apply, migratedStore, storyOf } from "../testing/fixture.ts";
import { completionsOf } from "./completions.ts";
import { searchMessages } from "./search.ts";

let store: Store;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ store, remove } = await migratedStore(sqliteDatabase));
  const story = storyOf();
  const texts = [
    "entrega",
    "Entregador ENTREGA entregue",
    "entre 👍 entreg",
    "東京タワー",
    ...Array.from({ length: 65 }, (_, index) => `pedido${index}`),
  ];
  const messages = texts.map((content, index) => story.message(index + 2, { content }));
  await apply(store, story.created(1), ...messages);
});
afterAll(() => remove());

const completions = (q: string): Promise<string[] | null> => completionsOf(store, queryTerms(q));

test("the words of all messages that a query's last word begins", async () => {
  expect(await completions("entreg")).toEqual(["entreg", "entrega", "entregador", "entregue"]);
  expect(await completions("nada ENTREGA")).toEqual(["entrega", "entregador"]);
  expect(await completions("entregas")).toEqual([]);
  expect(await completions("zzzz")).toEqual([]);
});

test("none are told of where there are too many, or where the index takes the beginning as it is", async () => {
  expect(await completions("pedi")).toBeNull();
  expect(await completions("pedido6")).toEqual([
    "pedido6",
    "pedido60",
    "pedido61",
    "pedido62",
    "pedido63",
    "pedido64",
  ]);
  for (const q of ["ent", "e", "👍", "京", "91234-5678"])
    expect([q, await completions(q)]).toEqual([q, null]);
});

test("a wide stretch of time is asked for words, not for all that a beginning finds", async () => {
  const asked: string[] = [];
  store.read.on("query", ({ bindings }: { bindings?: unknown[] }) => {
    for (const binding of bindings ?? []) if (typeof binding === "string") asked.push(binding);
  });
  const { items } = await searchMessages(store, { q: "entreg", limit: 50 });
  expect(items).toHaveLength(3);
  const matches = asked.filter((binding) => binding.includes('"entreg"'));
  expect(matches.length).toBeGreaterThan(0);
  expect(matches.filter((match) => match.includes("*"))).toEqual([]);
});
