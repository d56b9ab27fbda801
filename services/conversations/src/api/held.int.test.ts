import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  idOf,
  type ConversationRow,
  type Counts,
  type Rejection,
  type SearchHit,
  type SignedIn,
} from "@fio/contracts";
import { conversationsOpenApi } from "@fio/contracts/openapi/conversations";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { applyBatch } from "../store/apply.ts";
import { takeTurns } from "../store/delivery-turns.ts";
import { SIDE_WRITES, storyOf } from "../store/testing/fixture.ts";
import { startSignInApi } from "./testing/sign-in-api.ts";

/* Agents who are held to their own: `AGENTS_SEE=own`. */

const channel = "whatsapp:551140001234";
const LATE = "2099-01-01T00:00:00.000000Z";

/** A conversation of which every read has something to tell: a customer, a word, what was refused, and what did not leave. */
function tellingStory(name: string) {
  const story = storyOf();
  const word = `palavra${randomUUID().slice(0, 8)}`;
  const customer = `5511${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;
  const created = story.created(1);
  const data = {
    id: story.id,
    contact: { channel, id: customer, phone: `+${customer}`, name: `${name} ${word}` },
  };
  const message = story.message(2, { content: word });
  const answer = story.message(3, {
    content: `Resposta ${word}`,
    direction: "SENT",
    author: { id: "x", name: "X" },
  });
  const late = story.message(9, { content: `Atrasada ${word}` });
  return {
    ...story,
    word,
    customer,
    ...{ message, answer, late },
    events: [
      { ...created, event: { ...created.event, type: "NEW_CONVERSATION" as const, data } },
      message,
      answer,
      story.status(5, { of: answer, is: "READ" }),
      story.closed(8),
      late,
    ],
  };
}
type Told = ReturnType<typeof tellingStory>;

forEachDatabase(({ create }) => {
  let rig: Awaited<ReturnType<typeof startSignInApi>>;
  const agents: Record<"ana" | "bia" | "caio", SignedIn> = {} as never;
  const [bias, caios, nobodys] = [tellingStory("Bia"), tellingStory("Caio"), tellingStory("Nina")];

  beforeAll(async () => {
    rig = await startSignInApi({ create, agentsSee: "own" });
    agents.ana = await rig.joined("ana@fio.example", "Ana", "--admin");
    agents.bia = await rig.joined("bia@fio.example", "Bia");
    agents.caio = await rig.joined("caio@fio.example", "Caio Reis");
    const agentOf = ({ account: { id, name } }: SignedIn) => ({ id, name });
    for (const told of [bias, caios, nobodys]) {
      const given =
        told === nobodys ? [] : [told.assigned(4, agentOf(told === bias ? agents.bia : agents.caio))];
      const [created, message, answer, ...rest] = told.events;
      const first = [created!, message!, answer!, ...given];
      await applyBatch(rig.store, { ...SIDE_WRITES, now: 1_000, delivers: true, events: first });
      const turn = { now: 1_000_000, leaseMs: 1_000 };
      const { taken } = await takeTurns(rig.store, {
        ...turn,
        turns: [{ conversation: told.id, attempted: null, next: true }],
      });
      const result = { kind: "failed", reason: "http_410", detail: told.word } as const;
      const attempted = { taken: taken.get(told.id)!, result };
      await takeTurns(rig.store, { ...turn, turns: [{ conversation: told.id, attempted, next: false }] });
      await applyBatch(rig.store, { ...SIDE_WRITES, events: rest });
    }
  });
  afterAll(() => rig.end());

  const get = async (path: string, by: SignedIn | null) => {
    const answer = await rig.ask("GET", path, by === null ? {} : { session: by.token });
    return { status: answer.status, text: await answer.text() };
  };
  const json = async <Body>(path: string, by: SignedIn | null): Promise<Body> =>
    JSON.parse((await get(path, by)).text) as Body;

  /** What to ask each documented read for that would tell of a conversation; none where it tells of no conversation. */
  const reads: Record<string, ((of: Told) => string[]) | null> = {
    "/conversations/": () => [
      "/conversations/",
      "/conversations/?state=CLOSED",
      "/conversations/?waiting=true&order=oldest",
      `/conversations/?assigned=${agents.caio.account.id}`,
    ],
    "/conversations/{id}/": ({ id, message }) => [
      `/conversations/${id}/`,
      `/conversations/${id}/?around=${idOf(message.event)}`,
      `/conversations/${id}/?around=${randomUUID()}`,
    ],
    "/conversations/{id}/events": ({ id }) => [`/conversations/${id}/events`],
    "/conversations/{id}/sight": ({ id }) => [`/conversations/${id}/sight`],
    "/contacts/{channel}/{id}/": ({ customer }) => [`/contacts/${encodeURIComponent(channel)}/${customer}/`],
    "/events/{type}/{id}": ({ id, message, answer, late }) => [
      ...["NEW_CONVERSATION", "CLOSE_CONVERSATION", "ASSIGN_CONVERSATION"].map(
        (type) => `/events/${type}/${id}`,
      ),
      ...[message, late].map(({ event }) => `/events/NEW_MESSAGE/${idOf(event)}`),
      `/events/MESSAGE_STATUS/${idOf(answer.event)}`,
    ],
    "/search": ({ id, word, customer, message }) => [
      ...[word, id, customer, idOf(message.event), id.slice(0, 8)].map((q) => `/search?q=${q}`),
      ...["kind=message", "kind=conversation", "group=conversation", "state=CLOSED", "direction=SENT"].map(
        (filter) => `/search?q=${word}&${filter}`,
      ),
      `/search?q=${word}&kind=message&from=2025-01-01T00:00:00Z&to=${LATE}`,
    ],
    "/rejections": ({ id }) => [
      "/rejections",
      "/rejections?unresolved=true",
      "/rejections?reason=CONVERSATION_CLOSED&limit=1",
      `/rejections?conversation=${id}`,
    ],
    "/rejections/{receipt}": ({ late }) => [`/rejections/${late.receipt}`],
    "/deliveries": () => ["/deliveries"],
    // Numbers, see below; and frames, see there.
    "/counts": null,
    "/stream": null,
    // Ids of what is no more, accounts, and what only admins read.
    "/erasures": null,
    "/agents": null,
    "/sessions": null,
    "/sessions/current": null,
    "/sessions/current/second-factor": null,
    "/accounts": null,
    "/audit": null,
    "/healthz": null,
    "/readyz": null,
    "/metrics": null,
    "/openapi.json": null,
  };

  const documented = Object.entries(conversationsOpenApi().paths ?? {}).flatMap(([path, methods]) =>
    "get" in (methods as object) ? [path] : [],
  );

  test.each(documented)(
    "GET %s tells an agent nothing of a conversation that somebody else has",
    async (path) => {
      const asked = reads[path];
      // A route that is new: say here what it tells of a conversation.
      expect(asked).toBeDefined();
      const names = (of: Told): string[] => [of.id, of.word, idOf(of.message.event), of.customer];
      for (const one of asked?.(caios) ?? []) {
        const answer = await get(one, agents.bia);
        // What was asked for is no news.
        const text = answer.text;
        for (const name of names(caios)) if (text.includes(name)) expect([one, text]).toEqual([one, ""]);
        if (/\{(id|receipt)\}/.test(path)) expect([one, answer.status]).toEqual([one, 404]);
      }
      for (const [of, by] of [
        [caios, agents.caio],
        [caios, agents.ana],
        [caios, null],
        [nobodys, agents.bia],
      ] as const) {
        for (const one of asked?.(of) ?? []) {
          const asksOther = one.includes("assigned=") && (of === nobodys || by === null);
          const isMissing = /around=/.test(one) && !one.includes(idOf(of.message.event));
          if (asksOther || isMissing || (of === nobodys && one.includes("ASSIGN_"))) continue;
          const answer = await get(one, by);
          const tells = names(of).some((name) => answer.text.includes(name));
          if (one.includes("limit=1")) continue;
          expect([one, answer.status, tells]).toEqual([one, 200, true]);
        }
      }
    },
  );

  test("what one may not see is answered as what does not exist", async () => {
    const asUnknown = (text: string, from: string, to: string) => text.replaceAll(from, to);
    const other = randomUUID();
    for (const path of [`/conversations/${caios.id}/`, `/conversations/${caios.id}/events`]) {
      const hidden = await get(path, agents.bia);
      const unknown = await get(asUnknown(path, caios.id, other), agents.bia);
      expect(asUnknown(hidden.text, caios.id, other)).toEqual(unknown.text);
    }
  });

  test("lists go through pages to the end, and counts are of what one may see", async () => {
    const all = async (first: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let path: string | null = first; path !== null;) {
        const answer: Response = await rig.ask("GET", path, { session: agents.bia.token });
        ids.push(
          ...((await answer.json()) as Array<{ id?: string; conversation_id?: string }>).map(
            (one) => one.id ?? one.conversation_id ?? "",
          ),
        );
        path = /<([^>]*)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1] ?? null;
      }
      return ids;
    };
    const own = [nobodys.id, bias.id];
    for (const path of ["/conversations/?limit=1", "/rejections?limit=1", "/deliveries?limit=1"])
      expect([path, (await all(path)).toSorted()]).toEqual([path, own.toSorted()]);
    const counts = await json<Counts>("/counts", agents.bia);
    expect([counts.waiting.count, counts.failed_deliveries.count]).toEqual([2, 2]);
    const ofAll = await json<Counts>("/counts", agents.ana);
    expect([ofAll.waiting.count, ofAll.failed_deliveries.count]).toEqual([3, 3]);
    const mine = await json<ConversationRow[]>("/conversations/?assigned=me", agents.bia);
    expect(mine.map(({ id }) => id)).toEqual([bias.id]);
    const found = await json<SearchHit[]>("/search?q=Resposta&kind=message", agents.bia);
    expect(found.map((hit) => hit.conversation_id).toSorted()).toEqual(own.toSorted());
    const refused = await json<Rejection[]>(`/rejections?conversation=${bias.id}`, agents.bia);
    expect(refused.map((one) => one.conversation_id)).toEqual([bias.id]);
  });

  test("nothing is done to it either: no retry, no replay, no presence", async () => {
    const post = async (path: string, by: SignedIn, body?: object) =>
      (await rig.ask("POST", path, { session: by.token, ...(body === undefined ? {} : { body }) })).status;
    const answer = idOf(caios.answer.event);
    const here = { tab: "tab-of-bia", doing: "looking" };
    for (const act of ["retry", "seen"])
      expect(await post(`/deliveries/${answer}/${act}`, agents.bia)).toBe(404);
    expect(await post(`/rejections/${caios.late.receipt}/replay`, agents.bia)).toBe(404);
    expect(await post(`/rejections/${caios.late.receipt}/replay`, agents.caio)).toBe(409);
    expect(await post("/rejections/replay?reason=INTERNAL_ERROR&from=2025-01-01T00:00:00Z", agents.bia)).toBe(
      403,
    );
    expect(await post(`/conversations/${caios.id}/presence`, agents.bia, here)).toBe(404);
    expect(await post(`/conversations/${nobodys.id}/presence`, agents.bia, here)).toBe(200);
    expect(await post(`/deliveries/${answer}/seen`, agents.caio)).toBe(200);
    expect(await json<unknown>("/audit?limit=1", agents.ana)).toMatchObject([
      { action: "delivery_seen", actor: { name: "Caio Reis" }, detail: answer },
    ]);
    expect(await post(`/deliveries/${answer}/retry`, agents.caio)).not.toBe(404);
  });

  test("a session says what it sees, and one that has ended sees nothing", async () => {
    const seen = async (by: SignedIn) => (await json<{ sees: string }>("/sessions/current", by)).sees;
    expect([await seen(agents.ana), await seen(agents.bia)]).toEqual(["all", "own"]);
    const answer = await rig.ask("GET", "/conversations/", { session: "made up" });
    expect(answer.status).toBe(401);
  });
});
