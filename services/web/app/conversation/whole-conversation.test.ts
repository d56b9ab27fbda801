import { expect, test } from "vitest";
import type { Conversation, Message } from "@fio/contracts";
import { rowOf } from "../store/testing/row-of.ts";
import type { PagePlace, PageRead } from "./scroll/load-messages.ts";
import { wholeConversation } from "./whole-conversation.ts";

const message = (id: string): Message => ({ id }) as Message;
const page = (ids: string[], older: string | null): PageRead => {
  const conversation: Conversation = { ...rowOf(), messages: ids.map(message) };
  return { kind: "read", page: { conversation, older, newer: null } };
};
const PAGES: Record<string, PageRead> = {
  latest: page(["5", "6"], "before=5"),
  "before=5": page(["3", "4"], "before=3"),
  "before=3": page(["1", "2"], null),
};
const keyOf = (place: PagePlace): string => ("page" in place ? place.page : "latest");
const pageAt = (place: PagePlace): PageRead => PAGES[keyOf(place)] ?? { kind: "missing" };

test("page by page from the end, and in order at the end", async () => {
  const told: number[] = [];
  const whole = await wholeConversation({
    load: (place) => Promise.resolve(pageAt(place)),
    progress: (read) => told.push(read),
  });
  expect(whole?.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(told).toEqual([2, 4]);
});

test("a page that fails is asked for again; one that never comes gives nothing rather than a part", async () => {
  const failing = (times: number) => {
    let left = times;
    return (place: PagePlace): Promise<PageRead> => {
      const fails = keyOf(place) === "before=5" && left > 0;
      if (fails) left -= 1;
      return Promise.resolve(fails ? { kind: "failed" } : pageAt(place));
    };
  };
  const read = (times: number) => wholeConversation({ load: failing(times), progress: () => undefined });
  expect((await read(2))?.length).toBe(6);
  expect(await read(3)).toBeNull();
});

test("a conversation without messages is whole", async () => {
  const load = () => Promise.resolve(page([], null));
  expect(await wholeConversation({ load, progress: () => undefined })).toEqual([]);
});
