import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversation, historyEntry, searchHit, type Message } from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { apply, changesOf, storyOf, told } from "../store/testing/fixture.ts";
import { startStoredApi, type Api } from "./testing/start-api.ts";

const ana = { id: "ana", name: "Ana Lima" };

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create));
  });
  afterAll(() => remove());

  const messagesOf = async (id: string): Promise<Message[]> =>
    conversation.parse((await api.get(`/conversations/${id}/`)).body).messages;

  test("who wrote a message is told with it, in the thread, the history, the search and live", async () => {
    const story = storyOf();
    const word = `autora${randomUUID().slice(0, 8)}`;
    const applied = await apply(
      store,
      story.created(1),
      story.message(2, { direction: "SENT", content: word, author: ana }),
      story.message(3),
      story.closed(4),
      story.message(5, { direction: "SENT", author: ana }),
    );
    const [written, other] = await messagesOf(story.id);
    expect(written).toMatchObject({ content: word, author: ana });
    expect(other).not.toHaveProperty("author");

    const history = z
      .array(historyEntry)
      .parse((await api.get(`/conversations/${story.id}/events`)).body)
      .map(({ event, outcome }) => [event.type, outcome, event.data.author]);
    expect(history).toEqual([
      ["NEW_MESSAGE", "rejected", ana],
      ["CLOSE_CONVERSATION", "applied", undefined],
      ["NEW_MESSAGE", "applied", undefined],
      ["NEW_MESSAGE", "applied", ana],
      ["NEW_CONVERSATION", "applied", undefined],
    ]);

    const hits = z.array(searchHit).parse((await api.get(`/search?q=${word}`)).body);
    expect(hits.map(({ message }) => message?.author)).toEqual([ana]);

    const live = changesOf(applied).flatMap((change) => (change.event === "message" ? [change.message] : []));
    expect(live.map(({ author }) => author)).toEqual([ana, undefined]);
    expect(live[1]).not.toHaveProperty("author");
  });

  test("the same under another name is a duplicate, and the name of the first one stays", async () => {
    const story = storyOf();
    const messageId = randomUUID();
    const of = (receipt: number, name: string, id = "ana") =>
      story.message(receipt, { messageId, direction: "SENT", author: { id, name } });
    await apply(store, story.created(1), of(5, "Ana"));
    const [again, another, nobody, lower] = [
      of(6, "Ana Lima"),
      of(7, "Ana", "lia"),
      story.message(8, { messageId, direction: "SENT" }),
      of(3, "Ana M."),
    ];
    const first = await apply(store, again, another, nobody);
    expect(told(first, again, another, nobody)).toEqual([
      "duplicate",
      "MESSAGE_ID_CONFLICT",
      "MESSAGE_ID_CONFLICT",
    ]);
    expect((await messagesOf(story.id)).map(({ author }) => author)).toEqual([{ id: "ana", name: "Ana" }]);
    expect(told(await apply(store, lower), lower)).toEqual(["applied"]);
    expect((await messagesOf(story.id)).map(({ author }) => author)).toEqual([{ id: "ana", name: "Ana M." }]);
  });
});
