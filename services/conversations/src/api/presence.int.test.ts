import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SESSION_HEADER, type PresentAgent, type SignedIn } from "@fio/contracts";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { signInAs } from "../../../../test/support/sign-in.ts";
import { until } from "../../../../test/support/until.ts";
import type { Store } from "../store/connect.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { startApi, type Api } from "./testing/start-api.ts";
import { followStream } from "./testing/stream-client.ts";

/* Two processes of the read API over one Redis. */

const LEASE_MS = 4_000;
let store: Store;
let remove: () => Promise<void>;
let apis: [Api, Api];
let ana: SignedIn;
let bia: SignedIn;
beforeAll(async () => {
  ({ store, remove } = await migratedStore(sqliteDatabase));
  const options = { store, redisUrl: inject("redisUrl"), presenceLeaseMs: LEASE_MS };
  apis = await Promise.all([startApi(options), startApi(options)]);
  ana = await signInAs(store, { name: "Ana" });
  bia = await signInAs(store, { name: "Bia" });
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await remove();
});

async function say(
  api: Api,
  conversation: string,
  { token, ...body }: { token: string; tab?: string; doing: string },
): Promise<{ status: number; agents: Array<[string, boolean]> }> {
  const answer = await fetch(`${api.url}/conversations/${conversation}/presence`, {
    method: "POST",
    headers: { [SESSION_HEADER]: token },
    body: JSON.stringify({ tab: "the-first-tab", ...body }),
  });
  const agents = answer.ok ? ((await answer.json()) as PresentAgent[]) : [];
  return { status: answer.status, agents: agents.map(({ name, writing }) => [name, writing]) };
}

test("who follows a conversation is told who comes, writes and goes, whichever process each asks; nothing else is", async () => {
  const [conversation, other] = [randomUUID(), randomUUID()];
  const [first, second] = apis;
  const heard = await followStream(second.url, { conversations: [conversation] });
  const elsewhere = await followStream(second.url, { conversations: [other] });
  await Promise.all([heard.has("ready"), elsewhere.has("ready")]);
  const told = (): unknown[] =>
    heard.of("presence").map(({ id, data }) => {
      if (data.event !== "presence") throw new Error(data.event);
      return [id, ...data.agents.map(({ name, writing }) => [name, writing])];
    });

  // Until the process has subscribed nobody is told.
  await until(
    async () => {
      await say(first, conversation, { ...ana, doing: "left" });
      await say(first, conversation, { ...ana, doing: "looking" });
      return heard.of("presence").length > 0;
    },
    { what: "presence is heard" },
  );
  await say(first, conversation, { ...ana, doing: "writing" });
  await say(second, conversation, { ...bia, doing: "looking" });
  // Said anew it is no news.
  await say(second, conversation, { ...bia, doing: "looking" });
  await say(first, conversation, { ...ana, doing: "left" });
  await until(() => told().length >= 3 && JSON.stringify(told().at(-1)) === '[null,["Bia",false]]', {
    what: "Ana has gone",
  });
  expect(told().slice(-3)).toEqual([
    [null, ["Ana", true]],
    [null, ["Ana", true], ["Bia", false]],
    [null, ["Bia", false]],
  ]);
  expect(elsewhere.of("presence")).toEqual([]);
  heard.close();
  elsewhere.close();
});

test("two tabs of one agent are one, who writes when one of them does and is gone with the last", async () => {
  const conversation = randomUUID();
  const [api] = apis;
  const said = async (tab: string, doing: string) =>
    (await say(api, conversation, { ...ana, tab: `tab-${tab}-of-hers`, doing })).agents;
  expect(await said("one", "writing")).toEqual([["Ana", true]]);
  expect(await said("two", "looking")).toEqual([["Ana", true]]);
  expect(await said("one", "left")).toEqual([["Ana", false]]);
  // What somebody else's tab is called is theirs.
  expect((await say(api, conversation, { ...bia, tab: "tab-two-of-hers", doing: "left" })).agents).toEqual([
    ["Ana", false],
  ]);
  expect(await said("two", "left")).toEqual([]);
});

test("a tab that died is gone when its lease is over", async () => {
  const conversation = randomUUID();
  const [api] = apis;
  await say(api, conversation, { ...bia, doing: "writing" });
  const others = async () => (await say(api, conversation, { ...ana, doing: "looking" })).agents;
  expect(await others()).toEqual([
    ["Ana", false],
    ["Bia", true],
  ]);
  await until(async () => (await others()).length === 1, { what: "Bia is gone", limitMs: 3 * LEASE_MS });
});

test("nobody is there without a session, and no tab without a name", async () => {
  const [api] = apis;
  expect((await say(api, randomUUID(), { token: "of nobody", doing: "looking" })).status).toBe(401);
  expect((await say(api, randomUUID(), { ...ana, tab: "x", doing: "looking" })).status).toBe(400);
  expect((await say(api, "no-id", { ...ana, doing: "looking" })).status).toBe(400);
});
