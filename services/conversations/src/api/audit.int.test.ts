import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry, SignedIn } from "@fio/contracts";
import { DEVICE, PASSWORD, startSignInApi } from "./testing/sign-in-api.ts";

let rig: Awaited<ReturnType<typeof startSignInApi>>;
let admin: SignedIn;
let agent: SignedIn;
beforeAll(async () => {
  rig = await startSignInApi();
  admin = await rig.joined("ana@fio.example", "Ana", "--admin");
  agent = await rig.joined("bia@fio.example", "Bia");
});
afterAll(() => rig.end());

const ask: typeof rig.ask = (...given) => rig.ask(...given);
const read = async (query = ""): Promise<AuditEntry[]> => {
  const answer = await ask("GET", `/audit${query}`, { session: admin.token });
  expect(answer.status).toBe(200);
  return (await answer.json()) as AuditEntry[];
};
/** What the newest lines say, oldest first. */
const newest = async (count: number) =>
  (await read(`?limit=${count}`))
    .toReversed()
    .map(({ action, actor, account, conversation_id, detail }) =>
      [action, actor?.name, account?.name, conversation_id, detail].map((each) => each ?? "-").join(" "),
    );

test("who was added, signed in, failed to and signed out is written with the address, and no address that was typed", async () => {
  expect(await newest(6)).toEqual([
    "account_added - Ana - admin",
    "password_set Ana - - 192.0.2.1",
    "sign_in Ana - - 192.0.2.1",
    "account_added - Bia - agent",
    "password_set Bia - - 192.0.2.1",
    "sign_in Bia - - 192.0.2.1",
  ]);
  const signIn = (email: string, password: string) =>
    ask("POST", "/sessions", { body: { email, password, ...DEVICE, address: "192.0.2.7" } });
  await signIn("bia@fio.example", "not hers at all");
  await signIn("hunter2 typed into the wrong field", "x");
  const { token } = (await (await signIn("bia@fio.example", PASSWORD)).json()) as SignedIn;
  await ask("DELETE", "/sessions/current", { session: token });
  expect(await newest(4)).toEqual([
    "sign_in_failed - Bia - 192.0.2.7",
    "sign_in_failed - - - 192.0.2.7",
    "sign_in Bia - - 192.0.2.7",
    "sign_out Bia - - -",
  ]);
  expect(JSON.stringify(await read())).not.toMatch(/hunter2|cavalo|bia@/);
});

test("what an admin does to an account, and an agent to a conversation, is written as theirs", async () => {
  const { id } = agent.account;
  await ask("POST", `/accounts/${id}/end-sessions`, { session: admin.token });
  const again = await ask("POST", "/sessions", {
    body: { email: "bia@fio.example", password: PASSWORD, ...DEVICE },
  });
  agent = (await again.json()) as SignedIn;
  const conversation = randomUUID();
  const note = (body: object, session = agent.token) => ask("POST", "/audit", { session, body });
  expect((await note({ action: "close", conversation })).status).toBe(204);
  expect((await note({ action: "carry", conversation, receipt: "1740133242349308" })).status).toBe(204);
  await ask("POST", "/rejections/1740133242349308/replay", { session: agent.token });
  await ask("POST", "/rejections/1740133242349308/replay", { session: "of nobody" });
  expect(await newest(5)).toEqual([
    "sessions_ended Ana Bia - -",
    "sign_in Bia - - 192.0.2.1",
    `close Bia - ${conversation} -`,
    `carry Bia - ${conversation} 1740133242349308`,
    "replay Bia - - 1740133242349308",
  ]);
  expect((await read(`?person=${id}&limit=2`)).map(({ action }) => action)).toEqual(["replay", "carry"]);
  expect(await read("?to=2020-01-01")).toEqual([]);
  expect((await read("?action=carry")).map(({ action }) => action)).toEqual(["carry"]);
  expect((await read(`?action=replay&person=${admin.account.id}`)).length).toBe(0);

  // Nobody writes what is not theirs to say.
  expect((await note({ action: "sign_in" })).status).toBe(400);
  expect((await note({ action: "close", conversation: "no id" })).status).toBe(400);
  expect((await note({ action: "close", conversation }, "of nobody")).status).toBe(401);
});

test("it is read by admins alone, and nobody changes it", async () => {
  expect((await ask("GET", "/audit", { session: agent.token })).status).toBe(403);
  expect((await ask("GET", "/audit")).status).toBe(401);
  expect((await ask("GET", "/audit?person=everybody", { session: admin.token })).status).toBe(400);
  expect((await ask("GET", "/audit?action=everything", { session: admin.token })).status).toBe(400);
  for (const method of ["PUT", "PATCH", "DELETE"])
    expect((await ask(method, "/audit", { session: admin.token })).status).toBe(405);
});
