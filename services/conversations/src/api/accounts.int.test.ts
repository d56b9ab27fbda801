import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountRow, AddedAccount, SignedIn } from "@fio/contracts";
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

const accept = async (key: string): Promise<Response> =>
  ask("POST", "/sign-in-links/accept", { body: { key, password: PASSWORD, ...DEVICE } });
const asAdmin = (method: string, path: string, body?: object) =>
  ask(method, path, { session: admin.token, ...(body === undefined ? {} : { body }) });
const listed = async (): Promise<AccountRow[]> =>
  (await (await asAdmin("GET", "/accounts")).json()) as AccountRow[];
const stateOf = async (id: string) => (await listed()).find((each) => each.id === id)?.state;

test("an admin adds an account, whose owner sets a password by the link; disables, enables, resets it and ends its sessions", async () => {
  const answer = await asAdmin("POST", "/accounts", { email: "Caio@Fio.example", name: " Caio Reis " });
  expect(answer.status).toBe(201);
  const { account, key } = (await answer.json()) as AddedAccount;
  expect(account).toMatchObject({ email: "caio@fio.example", name: "Caio Reis", role: "agent" });
  expect(await stateOf(account.id)).toBe("no_password");
  const first = (await (await accept(key)).json()) as SignedIn;
  expect(await stateOf(account.id)).toBe("active");
  const isIn = async ({ token }: SignedIn) =>
    (await ask("GET", "/sessions/current", { session: token })).status === 200;
  const signIn = async () =>
    ask("POST", "/sessions", { body: { email: account.email, password: PASSWORD, ...DEVICE } });
  const change = (what: string) => asAdmin("POST", `/accounts/${account.id}/${what}`);

  expect(await isIn(first)).toBe(true);
  expect(await (await change("end-sessions")).json()).toEqual({ key: null });
  expect(await isIn(first)).toBe(false);
  const second = (await (await signIn()).json()) as SignedIn;
  expect((await change("disable")).status).toBe(200);
  expect([await isIn(second), await stateOf(account.id), (await signIn()).status]).toEqual([
    false,
    "disabled",
    401,
  ]);
  expect(await (await change("reset")).json()).toMatchObject({ code: "ACCOUNT_DISABLED" });
  expect((await change("enable")).status).toBe(200);
  expect((await signIn()).status).toBe(201);
  const { key: anew } = (await (await change("reset")).json()) as { key: string };
  expect((await signIn()).status).toBe(401);
  expect((await accept(anew)).status).toBe(201);
  expect((await accept(anew)).status).toBe(404);
  expect(JSON.stringify(await listed())).not.toMatch(/scrypt|hash|key/);
});

test("nobody else sees or changes accounts, and an admin not their own", async () => {
  const path = `/accounts/${agent.account.id}/disable`;
  for (const [method, at, body] of [
    ["GET", "/accounts", undefined],
    ["POST", "/accounts", { email: "x@fio.example", name: "X", role: "admin" }],
    ["POST", path, undefined],
  ] as const) {
    const given = body === undefined ? {} : { body };
    expect((await ask(method, at, given)).status).toBe(401);
    expect((await ask(method, at, { ...given, session: "made up" })).status).toBe(401);
    expect(await (await ask(method, at, { ...given, session: agent.token })).json()).toMatchObject({
      code: "NOT_AN_ADMIN",
    });
  }
  expect(await stateOf(agent.account.id)).toBe("active");
  for (const change of ["disable", "reset", "end-sessions"]) {
    const own = await asAdmin("POST", `/accounts/${admin.account.id}/${change}`);
    expect(await own.json()).toMatchObject({ code: "ACCOUNT_OWN" });
  }
});

test.each([
  ["POST", "/accounts", { email: "BIA@fio.example", name: "Other" }, 409],
  ["POST", "/accounts", { email: "no address", name: "Other" }, 400],
  ["POST", "/accounts", { email: "c@fio.example", name: " " }, 400],
  ["POST", "/accounts", { email: "c@fio.example", name: "C", role: "owner" }, 400],
  ["POST", `/accounts/${randomUUID()}/disable`, {}, 404],
  ["POST", `/accounts/${randomUUID()}/delete`, {}, 400],
  ["POST", "/accounts/x/disable", {}, 400],
  ["DELETE", "/accounts", undefined, 405],
])("%s %s with %j is answered with %i", async (method, path, body, status) => {
  expect((await asAdmin(method, path, body)).status).toBe(status);
});
