import { expect, test } from "vitest";
import type { SearchHit } from "@fio/contracts";
import { NO_RESULTS, olderOf, ungrouped, withPage, withRelated, type SearchPage } from "./results.ts";

const message = (conversation: string, id: string, more?: number): SearchHit =>
  ({
    conversation_id: conversation,
    state: "OPEN",
    message: { id, direction: "RECEIVED", content: id, timestamp: "", receipt: "" },
    ...(more === undefined ? {} : { more }),
  }) as unknown as SearchHit;
const named = (conversation: string): SearchHit => ({
  conversation_id: conversation,
  state: "OPEN",
  message: null,
});
const page = (hits: SearchHit[], more: Partial<SearchPage> = {}): SearchPage => ({
  hits,
  next: null,
  related: null,
  searched: null,
  ...more,
});

test("pages are appended, and a conversation that comes again adds to the row that is there", () => {
  const first = withPage(
    NO_RESULTS,
    page([named("n"), message("a", "a9", 2), message("b", "b1", 0)], { next: "2" }),
    "1",
  );
  const both = withPage(first, page([message("c", "c1", 0), message("a", "a6", 3)]), "2");
  expect(both.named.map((hit) => hit.conversation_id)).toEqual(["n"]);
  expect(both.found.map(({ hit, more, pages }) => [hit.message.id, more, pages])).toEqual([
    ["a9", 6, ["1", "2"]],
    ["b1", 0, []],
    ["c1", 0, []],
  ]);
  expect([first.next, both.next]).toEqual(["2", null]);
});

test("more conversations of the name leave the messages as they are", () => {
  const first = withPage(
    NO_RESULTS,
    page([named("n"), message("a", "a1", 0)], { next: "2", related: "r" }),
    "1",
  );
  const all = withRelated(first, page([named("n"), named("m")], { next: null }));
  expect(all.named.map((hit) => hit.conversation_id)).toEqual(["n", "m"]);
  expect([all.found.length, all.next, all.related]).toEqual([1, "2", null]);
});

test("the other messages of a row are read page by page until all it stands for are there, and no further", async () => {
  const asked: string[] = [];
  const pages: Record<string, SearchPage> = {
    [ungrouped("q=x&group=conversation&limit=50")]: page(
      [message("a", "a9"), message("b", "b1"), message("a", "a8")],
      {
        next: "second",
      },
    ),
    second: page([message("a", "a7"), message("c", "c1")], { next: "third" }),
  };
  const load = (query: string): Promise<SearchPage | null> => {
    asked.push(query);
    return Promise.resolve(pages[query] ?? null);
  };
  const [row] = withPage(NO_RESULTS, page([message("a", "a9", 2)]), "q=x&group=conversation&limit=50").found;
  expect((await olderOf(row!, load))?.map((hit) => hit.message.id)).toEqual(["a8", "a7"]);
  expect(asked).toEqual(["q=x&limit=100&kind=message", "second"]);
  expect(await olderOf({ ...row!, pages: ["gone"] }, load)).toBeNull();
});

test("messages that were asked for one by one are rows of their own, and none is shown twice", () => {
  const first = withPage(NO_RESULTS, page([message("a", "a9"), message("a", "a8")]), "1");
  expect(
    withPage(first, page([message("a", "a8"), message("a", "a7")]), "2").found.map(
      ({ hit }) => hit.message.id,
    ),
  ).toEqual(["a9", "a8", "a7"]);
});
