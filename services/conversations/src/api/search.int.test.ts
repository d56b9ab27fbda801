import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  idOf,
  comparePlaces,
  receiptTimestamp,
  searchHit,
  timestampOf,
  type SearchHit,
  type Timestamp,
} from "@fio/contracts";
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

  const hits = (answer: Answer): SearchHit[] => z.array(searchHit).parse(answer.body);
  const search = async (q: string, more = ""): Promise<SearchHit[]> => {
    const answer = await api.get(`/search?q=${encodeURIComponent(q)}${more}`);
    expect(answer.status).toBe(200);
    return hits(answer);
  };
  const contents = async (q: string): Promise<Array<string | undefined>> =>
    (await search(q)).map(({ message }) => message?.content);
  const say = async (...texts: string[]) => {
    const story = storyOf();
    const messages = texts.map((content, index) =>
      story.message(index + 2, { content, timestamp: story.at(index + 1) }),
    );
    await apply(store, story.created(1), ...messages);
    return { story, messages };
  };

  describe("what is found", () => {
    test("messages that hold all words, accents and case folded", async () => {
      await say("Olá, a SÃO Paulo não chegou", "São João chegou");
      expect(await contents("sao")).toEqual(["São João chegou", "Olá, a SÃO Paulo não chegou"]);
      expect(await contents("CHEGOU são pAuLo")).toEqual(["Olá, a SÃO Paulo não chegou"]);
      expect(await contents("são joao paulo")).toEqual([]);
    });

    test("the last word by its beginning, the others whole", async () => {
      await say("encomenda extraviada");
      expect(await contents("encomenda extrav")).toEqual(["encomenda extraviada"]);
      expect(await contents("ex")).toEqual(["encomenda extraviada"]);
      expect(await contents("encom extraviada")).toEqual([]);
      expect(await contents("extraviadas")).toEqual([]);
      expect(await contents("e")).toEqual([]);
    });

    test("emoji, other scripts and numbers", async () => {
      await say("👍🏽 שָׁלוֹם עולם", "مَرْحَبًا 東京タワー", "ligue +55 (11) 98765-4321");
      expect(await contents("👍")).toEqual(["👍🏽 שָׁלוֹם עולם"]);
      expect(await contents("שלום")).toEqual(["👍🏽 שָׁלוֹם עולם"]);
      expect(await contents("مرحبا")).toEqual(["مَرْحَبًا 東京タワー"]);
      expect(await contents("京タ")).toEqual(["مَرْحَبًا 東京タワー"]);
      expect(await contents("98765-4321")).toEqual(["ligue +55 (11) 98765-4321"]);
    });

    test("what is a language of its own to an index is text like any other", async () => {
      await say("near AND zebra", "d'água");
      for (const q of [
        `zebra"`,
        "zebra'",
        "zebra*",
        "(zebra",
        "zebra)",
        "zebra:*",
        "zebra & !near",
        "near: zebra",
        "^zebra",
        "-zebra",
      ]) {
        expect([q, await contents(q)]).toEqual([q, ["near AND zebra"]]);
      }
      expect(await contents("zebra OR nothing")).toEqual([]);
      expect(await contents("NOT zebra")).toEqual([]);
      expect(await contents("d'agua")).toEqual(["d'água"]);
      expect(await contents("\\zebra%_")).toEqual(["near AND zebra"]);
      expect(await contents("\ue000zebra")).toEqual(["near AND zebra"]);
    });

    test("the longest message, by its last word", async () => {
      const long = `${"palavra ".repeat(8_190)}derradeira`;
      await say(long);
      expect(await contents("derradeira palavra")).toEqual([long]);
    });

    test("each with the state of its conversation as it is now", async () => {
      const { story } = await say("mudança de estado");
      expect((await search("mudanca estado"))[0]?.state).toBe("OPEN");
      await apply(store, story.closed(9));
      expect(await search("mudanca estado")).toEqual([
        expect.objectContaining({ conversation_id: story.id, state: "CLOSED" }),
      ]);
    });
  });

  describe("an id", () => {
    test("finds its conversation, in either case and with spaces around", async () => {
      const { story } = await say("por id");
      const conversation: unknown = expect.objectContaining({ id: story.id, last_message_preview: "por id" });
      const found = [{ conversation_id: story.id, state: "OPEN", message: null, conversation }];
      const whole = story.id.replaceAll("-", "");
      for (const id of [story.id, ` ${story.id.toUpperCase()} `, whole, `#${whole.toUpperCase()}`]) {
        expect(await search(id)).toEqual(found);
      }
      for (const pasted of [
        `https://fio.example/conversations/${story.id}?utm_source=chat&x=1#m-1`,
        `http://127.0.0.1:3000/conversations/${story.id}/`,
        `{${story.id}}`,
        `veja ${story.id}, por favor`,
      ]) {
        expect(await search(pasted)).toEqual(found);
      }
    });

    test("of a message finds it in its conversation", async () => {
      const { story, messages } = await say("por id de mensagem");
      const [hit] = await search(idOf(messages[0]!.event));
      expect(hit).toMatchObject({ conversation_id: story.id, message: { content: "por id de mensagem" } });
    });

    test("that names nothing is searched as text", async () => {
      const id = randomUUID();
      expect(await search(id)).toEqual([]);
      await say(`pedido ${id}`);
      expect(await contents(id)).toEqual([`pedido ${id}`]);
    });
  });

  describe("what changes", () => {
    test("a message that is taken out is found no more, one that comes back is", async () => {
      const story = storyOf();
      const message = story.message(5, { content: "vaivém inesperado" });
      await apply(store, story.created(1), message);
      expect(await contents("vaivem")).toEqual(["vaivém inesperado"]);
      await apply(store, story.closed(4));
      expect(await contents("vaivem")).toEqual([]);
      await apply(store, { ...message, receipt: story.under(3) });
      expect(await contents("vaivem")).toEqual(["vaivém inesperado"]);
    });

    test("a message whose place another takes is found by the other's words", async () => {
      const story = storyOf();
      const messageId = randomUUID();
      await apply(store, story.created(1), story.message(5, { messageId, content: "antigamente" }));
      await apply(store, story.message(4, { messageId, content: "atualmente" }));
      expect(await contents("antigamente")).toEqual([]);
      expect(await contents("atualmente")).toEqual(["atualmente"]);
    });

    test("one that waits for its conversation is found once it is in", async () => {
      const story = storyOf();
      await apply(store, story.message(2, { content: "adiantada" }));
      expect(await contents("adiantada")).toEqual([]);
      await apply(store, story.created(1));
      expect(await contents("adiantada")).toEqual(["adiantada"]);
    });
  });

  describe("the order", () => {
    /** Milliseconds before the newest: within a second, minutes, hours, days and years, and all at once. */
    const AGES = [
      0, 0, 0, 1, 20, 900, 16_000, 40_000, 3_000_000, 70_000_000, 90_000_000, 4e9, 5e9, 1e11, 1e12,
    ];
    const newest = Date.parse("2025-02-21T10:20:42Z");
    const at = (age: number): Timestamp => timestampOf(newest - age);

    test("newest first by (place, receipt), whatever the order of arrival, page by page to the end", async () => {
      const story = storyOf();
      const messages = AGES.map((age, index) =>
        story.message(2 + ((index * 7) % AGES.length), { content: `cronologia ${age}`, timestamp: at(age) }),
      );
      await apply(store, story.created(1), ...messages);
      const expected = messages
        .map(({ receipt, event }) => ({ receipt, timestamp: event.timestamp }))
        .toSorted((a, b) => comparePlaces(b, a))
        .map(({ receipt }) => receipt);
      for (const limit of [1, 2, 4, 100]) {
        const seen: Array<string | undefined> = [];
        for (let next: string | null = `/search?q=cronolog&limit=${limit}`; next !== null;) {
          const answer: Answer = await api.get(next);
          seen.push(...hits(answer).map(({ message }) => message?.receipt));
          next = answer.next;
        }
        expect(seen).toEqual(expected);
      }
    });

    test("what a clock nine hours ahead stamps is found where it was received, and hides nothing", async () => {
      const story = storyOf();
      const received = Number(story.under(3)) / 1_000;
      const messages = [
        story.message(3, { content: "adiantado relogio", timestamp: timestampOf(received + 9 * 3_600_000) }),
        story.message(9, {
          content: "adiantado relogio",
          timestamp: receiptTimestamp(story.under(9)),
        }),
        story.message(4, { content: "adiantado relogio", timestamp: timestampOf(received - 60_000) }),
      ];
      await apply(store, story.created(1), ...messages);
      const seen = await search("adiantado relogio");
      expect(seen.map(({ message }) => message?.timestamp)).toEqual(
        [messages[1], messages[0], messages[2]].map((message) => message?.event.timestamp),
      );
      const [first] = await search("adiantado relogio", "&limit=1");
      expect(first?.message?.receipt).toBe(messages[1]?.receipt);
    });

    test("messages from before 1970 and from the year 0 are found like others", async () => {
      const story = storyOf();
      const old = ["1969-12-31T23:59:59.999999Z", "0000-01-01T00:00:00.000000Z"] as Timestamp[];
      const messages = old.map((timestamp, index) =>
        story.message(index + 2, { content: "priscas eras", timestamp }),
      );
      await apply(store, story.created(1), ...messages);
      expect((await search("priscas eras")).map(({ message }) => message?.timestamp)).toEqual(old);
    });
  });
});
