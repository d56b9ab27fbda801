import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  contact,
  conversation,
  conversationRow,
  historyEntry,
  searchHit,
  type AcceptedUpdate,
  type ContactSaid,
} from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { apply, changesOf, storyOf, told } from "../store/testing/fixture.ts";
import { startStoredApi, type Api } from "./testing/start-api.ts";

const channel = "whatsapp:551140001234";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create));
  });
  afterAll(() => remove());

  const pathOf = (id: string): string =>
    `/contacts/${encodeURIComponent(channel)}/${encodeURIComponent(id)}/`;
  const contactOf = async (id: string) => contact.parse((await api.get(pathOf(id))).body);
  const found = async (q: string): Promise<string[]> =>
    z
      .array(searchHit)
      .parse((await api.get(`/search?kind=conversation&q=${encodeURIComponent(q)}`)).body)
      .map((hit) => hit.conversation_id);

  /** A conversation of a customer, and what may be said of them. */
  const storyWith = (said: Omit<ContactSaid, "channel" | "id">, id: string = randomUUID()) => {
    const story = storyOf();
    const { receipt, event } = story.created(10);
    const named = { channel, id };
    return {
      ...story,
      customer: id,
      created: {
        receipt,
        event: {
          ...event,
          type: "NEW_CONVERSATION" as const,
          data: { id: story.id, contact: { ...named, ...said } },
        },
      },
      updated: (
        at: number,
        more: Omit<AcceptedUpdate["event"]["data"], "channel" | "id">,
        second = at % 60,
      ) =>
        ({
          receipt: story.under(at),
          event: { type: "UPDATE_CONTACT", timestamp: story.at(second), data: { ...named, ...more } },
        }) satisfies AcceptedUpdate,
    };
  };

  test("name and phone of the customer are told in the list, the thread, the history, the search and live", async () => {
    const said = { name: "José Conceição", phone: "+55 (11) 91234-5678" };
    const story = storyWith(said);
    const word = `palavra${randomUUID().slice(0, 8)}`;
    const shown = { channel, id: story.customer, ...said, version: 1 };
    const applied = await apply(store, story.created, story.message(11, { content: word }));
    expect(told(applied, story.created)).toEqual(["applied"]);
    expect(changesOf(applied)).toMatchObject([
      { event: "conversation", conversation: { contact: shown } },
      { event: "message" },
      { event: "contact", contact: shown },
    ]);
    expect(conversation.parse((await api.get(`/conversations/${story.id}/`)).body).contact).toEqual(shown);
    const rows = z.array(conversationRow).parse((await api.get("/conversations/")).body);
    expect(rows.find(({ id }) => id === story.id)?.contact).toEqual(shown);
    const history = z.array(historyEntry).parse((await api.get(`/conversations/${story.id}/events`)).body);
    expect(history.at(-1)?.event.data).toEqual({
      id: story.id,
      contact: { channel, id: story.customer, ...said },
    });
    const [hit] = z.array(searchHit).parse((await api.get(`/search?q=${word}`)).body);
    expect(hit?.contact).toEqual(shown);
    // A message later the row still tells whose it is.
    expect(changesOf(await apply(store, story.message(12)))[0]).toMatchObject({
      conversation: { contact: shown },
    });
  });

  test("a conversation without a customer says nothing of one", async () => {
    const story = storyOf();
    const [frame] = changesOf(await apply(store, story.created(1)));
    expect(frame).not.toHaveProperty("conversation.contact");
    expect((await api.get(`/conversations/${story.id}/`)).body).not.toHaveProperty("contact");
  });

  test("of each field what was said last by receipt counts, in whatever order it comes; null clears", async () => {
    const story = storyWith({ name: "Ana", phone: "1111-1111" });
    const later = story.updated(30, { name: "Ana Souza" });
    await apply(store, later);
    await apply(store, story.created);
    expect(await contactOf(story.customer)).toMatchObject({ name: "Ana Souza", phone: "1111-1111" });
    const older = story.updated(20, { name: "Ana Antiga", phone: "2222-2222" });
    const applied = await apply(store, older);
    expect(changesOf(applied)).toMatchObject([
      { event: "contact", contact: { name: "Ana Souza", phone: "2222-2222" } },
    ]);
    await apply(store, story.updated(40, { phone: null }));
    expect(await contactOf(story.customer)).toMatchObject({ name: "Ana Souza", phone: null });
    // The same once more, later: it changes nothing, and takes back nothing.
    const again = { ...later, receipt: story.under(50) };
    await apply(store, story.updated(45, { name: "Ana Lima" }));
    const repeated = await apply(store, again);
    expect([told(repeated, again), changesOf(repeated)]).toEqual([["duplicate"], []]);
    expect((await contactOf(story.customer)).name).toBe("Ana Lima");
    // Found to be a repetition of what is older still: what came between counts again.
    const first = storyWith({}, story.customer).updated(0, { name: "Ana Lima" }, 45);
    await apply(store, { ...first, receipt: story.under(15) });
    expect((await contactOf(story.customer)).name).toBe("Ana Souza");
  });

  test("a creation that holds no longer says nothing any more", async () => {
    const story = storyWith({ name: "Bia" });
    await apply(store, story.created);
    const lower = storyOf(story.id);
    const applied = await apply(store, { receipt: story.under(5), event: lower.created(0, 7).event });
    expect(changesOf(applied)[0]).not.toHaveProperty("conversation.contact");
    expect(changesOf(applied)).toMatchObject([{ event: "conversation" }, { event: "rejection" }, {}, {}]);
    expect((await api.get(pathOf(story.customer))).status).toBe(404);
  });

  test("ids of one person have one name, and the conversations of all", async () => {
    const [one, two] = [storyWith({ name: "Caio" }), storyWith({ phone: "3333-3333" })];
    await apply(store, two.created, one.created);
    const joined = await apply(store, two.updated(30, { formerly: one.customer }));
    expect(changesOf(joined).map((change) => change.event)).toEqual(["contact", "contact"]);
    const [former, now] = [await contactOf(one.customer), await contactOf(two.customer)];
    for (const known of [former, now]) {
      expect(known).toMatchObject({ name: "Caio", phone: "3333-3333" });
      expect(known.conversations.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted());
    }
    expect(now.also).toEqual([{ channel, id: one.customer }]);
    await apply(store, one.updated(40, { name: "Caio Prado" }));
    expect((await contactOf(two.customer)).name).toBe("Caio Prado");
  });

  test("the conversations of a customer are paged, newest activity first", async () => {
    const customer = randomUUID();
    const stories = Array.from({ length: 5 }, () => storyWith({}, customer));
    await apply(store, ...stories.map((story) => story.created));
    const pages: string[] = [];
    let next: string | undefined = `${pathOf(customer)}?limit=2`;
    while (next !== undefined) {
      const { body, headers } = await api.get(next);
      pages.push(...contact.parse(body).conversations.map(({ id }) => id));
      next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    }
    expect(pages.toSorted()).toEqual(stories.map(({ id }) => id).toSorted());
  });

  test("nothing was ever said of whom nobody named", async () => {
    const { status, body } = await api.get(pathOf(randomUUID()));
    expect([status, (body as { code: string }).code]).toEqual([404, "CONTACT_NOT_FOUND"]);
  });

  test("a customer is found by a name without its accents, and by any part of the number", async () => {
    const tag = randomUUID()
      .replace(/[^a-f]/g, "")
      .slice(0, 4);
    const digits = String(Date.now()).slice(-8);
    const story = storyWith({ name: `Zuleica${tag} Conceição`, phone: `+55 11 9${digits}` });
    await apply(store, story.created);
    const parts = [
      `zuleica${tag}`,
      `ZULEICA${tag} conc`,
      `conceicao zuleica${tag}`,
      digits,
      digits.slice(1, 7),
    ];
    for (const q of [...parts, `(11) 9${digits.slice(0, 4)}-${digits.slice(4)}`, `+55 11 9${digits}`]) {
      expect(await found(q), q).toContain(story.id);
    }
    expect(await found(`zuleica${tag} silva`)).toEqual([]);
    await apply(store, story.updated(30, { name: "Outra", phone: null }));
    for (const q of [`zuleica${tag}`, digits]) expect(await found(q), q).toEqual([]);
  });
});
