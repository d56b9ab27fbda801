import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SESSION_HEADER, type AcceptedEvent, type AcceptedUpdate, type SignedIn } from "@fio/contracts";
import { until } from "../../../../../test/support/until.ts";
import { apply, changesOf, storyOf } from "../../store/testing/fixture.ts";
import { startSignInApi } from "../testing/sign-in-api.ts";
import { followStream, type StreamClient } from "../testing/stream-client.ts";

/* What the live stream tells an agent who is held to their own. */

const channel = "whatsapp:551140001234";

let rig: Awaited<ReturnType<typeof startSignInApi>>;
let ana: SignedIn;
let bia: SignedIn;
let caio: SignedIn;
beforeAll(async () => {
  rig = await startSignInApi({ agentsSee: "own", limits: { flushMs: 20 } });
  ana = await rig.joined("ana@fio.example", "Ana", "--admin");
  bia = await rig.joined("bia@fio.example", "Bia");
  caio = await rig.joined("caio@fio.example", "Caio");
  await until(() => rig.api.live.position(), { what: "the stream is read" });
});
afterAll(() => rig.end());

const clients: StreamClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
const follow = async (by: SignedIn, conversations: string[] = [], after?: string): Promise<StreamClient> => {
  const client = await followStream(rig.api.url, {
    conversations,
    ...(after === undefined ? {} : { after }),
    headers: { Authorization: "Bearer web-app-token", [SESSION_HEADER]: by.token },
  });
  clients.push(client);
  await client.has("ready");
  return client;
};

/** As a worker does: applies, and announces what came of it; gives the position. */
const happen = async (...events: Array<AcceptedEvent | AcceptedUpdate>): Promise<string> =>
  rig.api.announce(...changesOf(await apply(rig.store, ...events)));
const agentOf = ({ account: { id, name } }: SignedIn) => ({ id, name });
/** All that was told and names it, in the order it came. */
const toldOf = (client: StreamClient, id: string): string[] =>
  client.frames.filter(({ data }) => JSON.stringify(data).includes(id)).map(({ event }) => event);
/** Resolves when each has been told what happened before. */
const settled = async (...all: StreamClient[]): Promise<void> => {
  const last = storyOf();
  await happen(last.created(1));
  await Promise.all(
    all.map((client) => until(() => toldOf(client, last.id).length > 0, { what: "all is told" })),
  );
};

test("one that is given away is told of no more within the moment, and one that is given is", async () => {
  const story = storyOf();
  await happen(story.created(1));
  const [ofAna, ofBia, ofCaio] = await Promise.all([ana, bia, caio].map((one) => follow(one, [story.id])));
  const [a, b, c] = [ofAna!, ofBia!, ofCaio!];
  await happen(story.message(2));
  await settled(a, b, c);
  for (const client of [a, b, c]) expect(toldOf(client, story.id)).toEqual(["message", "conversation"]);

  await happen(story.assigned(3, agentOf(bia)));
  await c.has("unseen");
  await happen(story.message(4));
  await rig.ask("POST", `/conversations/${story.id}/presence`, {
    session: bia.token,
    body: { tab: "tab-of-bia", doing: "looking" },
  });
  await b.has("presence");
  await settled(a, b, c);
  expect(toldOf(c, story.id)).toEqual(["message", "conversation", "unseen"]);
  expect(c.of("presence")).toEqual([]);
  expect(b.of("unseen")).toEqual([]);
  expect(a.of("unseen")).toEqual([]);
  expect(b.of("message")).toHaveLength(2);
  expect(a.of("message")).toHaveLength(2);

  await happen(story.assigned(5, agentOf(caio)), story.message(6));
  await b.has("unseen");
  await c.has("message", 2);
  await settled(a, b, c);
  expect(toldOf(c, story.id).slice(3)).toEqual(["message", "conversation"]);
  expect(b.of("message")).toHaveLength(2);
  await happen(story.assigned(7, null), story.message(8));
  await b.has("message", 3);
});

test("of somebody else's nothing is told: no row, message, status, refusal or customer, followed or not", async () => {
  const story = storyOf();
  const id = "5511988887777";
  const created = story.created(1);
  const data = { id: story.id, contact: { channel, id, name: "Cliente do Caio" } };
  const event = { ...created.event, type: "NEW_CONVERSATION" as const, data };
  await happen({ ...created, event }, story.assigned(2, agentOf(caio)));
  const [b, c] = await Promise.all([follow(bia, [story.id]), follow(caio, [story.id])]);
  const answer = story.message(3, { direction: "SENT", author: agentOf(caio) });
  await happen(answer);
  await happen(story.status(4, { of: answer }), story.closed(5));
  await happen(story.message(9));
  await happen({
    receipt: story.under(10),
    event: { type: "UPDATE_CONTACT", timestamp: story.at(40), data: { channel, id, name: "Outro Nome" } },
  });
  await until(() => JSON.stringify(c.of("contact")).includes("Outro Nome"), { what: "Caio is told" });
  await settled(b, c);
  expect(JSON.stringify(b.frames)).not.toMatch(new RegExp(`${story.id}|${id}|Outro Nome`));
  expect(new Set(toldOf(c, story.id))).toEqual(
    new Set(["conversation", "message", "message_status", "rejection"]),
  );
});

test("who comes back is told that one was given away meanwhile, and nothing of what came after", async () => {
  const story = storyOf();
  const before = await happen(story.created(1));
  await happen(story.message(2));
  await happen(story.assigned(3, agentOf(bia)));
  await happen(story.message(4));
  const c = await follow(caio, [story.id], before);
  const b = await follow(bia, [story.id], before);
  await settled(b, c);
  expect(toldOf(c, story.id)).toEqual(["unseen"]);
  expect(b.of("message")).toHaveLength(2);
  await happen(story.message(5));
  await b.has("message", 3);
  await settled(b, c);
  expect(toldOf(c, story.id)).toEqual(["unseen"]);
});
