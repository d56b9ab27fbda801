import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConversationRow, SignedIn } from "@fio/contracts";
import { apply, storyOf } from "../store/testing/fixture.ts";
import { startSignInApi } from "./testing/sign-in-api.ts";

let rig: Awaited<ReturnType<typeof startSignInApi>>;
let ana: SignedIn;
let bia: SignedIn;
const [annas, bias, nobodys] = [storyOf(), storyOf(), storyOf()];

beforeAll(async () => {
  rig = await startSignInApi();
  ana = await rig.joined("ana@fio.example", "Ana", "--admin");
  bia = await rig.joined("bia@fio.example", "Bia");
  await rig.add("caio@fio.example", "Caio");
  const agentOf = ({ account: { id, name } }: SignedIn) => ({ id, name });
  await apply(
    rig.store,
    ...[annas, bias, nobodys].map((story, second) => story.created(1, second)),
    annas.assigned(2, agentOf(ana)),
    bias.assigned(2, agentOf(bia)),
  );
});
afterAll(() => rig.end());

const list = async (query: string, session = ""): Promise<string[]> => {
  const answer = await rig.ask("GET", `/conversations/${query}`, { session });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as ConversationRow[]).map(({ id }) => id);
};

test("the list tells whose each is, and is mine, nobody's, or an agent's where that is asked for", async () => {
  const answer = await rig.ask("GET", "/conversations/");
  expect(((await answer.json()) as ConversationRow[]).map((row) => row.assigned_to?.name)).toEqual([
    undefined,
    "Bia",
    "Ana",
  ]);
  expect(await list("?assigned=me", ana.token)).toEqual([annas.id]);
  expect(await list("?assigned=me", bia.token)).toEqual([bias.id]);
  expect(await list("?assigned=nobody")).toEqual([nobodys.id]);
  expect(await list(`?assigned=${bia.account.id}&state=OPEN`)).toEqual([bias.id]);
  expect(await list("?assigned=somebody")).toEqual([]);
  for (const path of ["?assigned=", "?assigned=me&assigned=nobody"])
    expect((await rig.ask("GET", `/conversations/${path}`)).status).toBe(400);
});

test("without a session nobody is me", async () => {
  const answer = await rig.ask("GET", "/conversations/?assigned=me");
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "SESSION_ENDED" });
});

test("whoever is signed in is told who can be given one: neither who never signed in, nor an address", async () => {
  const answer = await rig.ask("GET", "/agents", { session: bia.token });
  expect(await answer.json()).toEqual(
    [ana, bia].map(({ account }) => ({ id: account.id, name: account.name })),
  );
  expect((await rig.ask("GET", "/agents")).status).toBe(401);
});

test("to whom one was given is in the log of who did what", async () => {
  const note = { action: "assign", conversation: nobodys.id, account: ana.account.id };
  expect((await rig.ask("POST", "/audit", { session: bia.token, body: note })).status).toBe(204);
  const answer = await rig.ask("GET", "/audit?limit=1", { session: ana.token });
  expect(await answer.json()).toMatchObject([
    { action: "assign", actor: { name: "Bia" }, account: { name: "Ana" }, conversation_id: nobodys.id },
  ]);
});
