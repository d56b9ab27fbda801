import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  conversation,
  historyEntry,
  receiptOf,
  rejection,
  searchHit,
  type Media,
  type Message,
  type ShownEvent,
} from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { exportConversation, type ExportLine } from "../customer/export.ts";
import type { Store } from "../store/connect.ts";
import { apply, changesOf, storyOf, told } from "../store/testing/fixture.ts";
import { startStoredApi, type Api } from "./testing/start-api.ts";

const photo: Media = {
  kind: "image",
  url: "https://files.example.com/peça.jpg?token=1",
  name: 'a "peça".jpg',
  mime_type: "image/jpeg",
  size: 184_213,
};

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

  test("the file of a message is told with it, in thread, history, search, refusals, export and live", async () => {
    const story = storyOf();
    const word = `foto${randomUUID().slice(0, 8)}`;
    const applied = await apply(
      store,
      story.created(1),
      story.message(2, { content: word, media: photo }),
      story.message(3),
      story.closed(4),
      story.message(5, { media: photo }),
    );
    const [sent, other] = await messagesOf(story.id);
    expect(sent).toMatchObject({ content: word, media: photo });
    expect(other).not.toHaveProperty("media");

    const fileOf = ({ event }: { event: ShownEvent }) => event.data.media;
    const history = z
      .array(historyEntry)
      .parse((await api.get(`/conversations/${story.id}/events`)).body)
      .map((entry) => [entry.event.type, entry.outcome, fileOf(entry)]);
    expect(history).toEqual([
      ["NEW_MESSAGE", "rejected", photo],
      ["CLOSE_CONVERSATION", "applied", undefined],
      ["NEW_MESSAGE", "applied", undefined],
      ["NEW_MESSAGE", "applied", photo],
      ["NEW_CONVERSATION", "applied", undefined],
    ]);

    const hits = z.array(searchHit).parse((await api.get(`/search?q=${word}`)).body);
    expect(hits.map(({ message }) => message?.media)).toEqual([photo]);

    const refused = z
      .array(rejection)
      .parse((await api.get(`/rejections?conversation=${story.id}`)).body)
      .map(fileOf);
    expect(refused).toEqual([photo]);

    const lines: ExportLine[] = [];
    for await (const line of exportConversation(store.read, { id: story.id, overdue: receiptOf(0) })) {
      lines.push(line);
    }
    expect(JSON.stringify(lines).split("files.example.com")).toHaveLength(3);

    const live = changesOf(applied).flatMap((change) => (change.event === "message" ? [change.message] : []));
    expect(live.map(({ media }) => media)).toEqual([photo, undefined]);
    expect(live[1]).not.toHaveProperty("media");
  });

  test("the same file again is a duplicate, another one is not, and the lower receipt's takes its place", async () => {
    const story = storyOf();
    const messageId = randomUUID();
    const of = (receipt: number, media?: Media) =>
      story.message(receipt, { messageId, ...(media === undefined ? {} : { media }) });
    await apply(store, story.created(1), of(5, photo));
    const [again, elsewhere, none, lower] = [
      of(6, photo),
      of(7, { ...photo, url: "https://files.example.com/other" }),
      of(8),
      of(3, { kind: "sticker" }),
    ];
    expect(told(await apply(store, again, elsewhere, none), again, elsewhere, none)).toEqual([
      "duplicate",
      "MESSAGE_ID_CONFLICT",
      "MESSAGE_ID_CONFLICT",
    ]);
    expect((await messagesOf(story.id)).map(({ media }) => media)).toEqual([photo]);
    expect(told(await apply(store, lower), lower)).toEqual(["applied"]);
    expect((await messagesOf(story.id)).map(({ media }) => media)).toEqual([{ kind: "sticker" }]);
    const back = of(2);
    expect(told(await apply(store, back), back)).toEqual(["applied"]);
    expect((await messagesOf(story.id))[0]).not.toHaveProperty("media");
  });
});
