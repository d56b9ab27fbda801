import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem, SignedIn } from "@fio/contracts";
import { startSignInApi } from "./testing/sign-in-api.ts";

let rig: Awaited<ReturnType<typeof startSignInApi>>;
beforeAll(async () => {
  rig = await startSignInApi();
});
afterAll(() => rig.end());

const PASSWORD = "a password of hers";
const device = { address: "192.0.2.1", browser: "a browser" };
const ask: typeof rig.ask = (...given) => rig.ask(...given);

test("who guesses learns nothing from the answer: it is the same for a wrong password and an unknown account", async () => {
  const key = await rig.add("sol@fio.example", "Sol");
  const accepted = await ask("POST", "/sign-in-links/accept", {
    body: { key, password: PASSWORD, ...device },
  });
  expect(accepted.status).toBe(201);
  const told = async (email: string) => {
    const answer = await ask("POST", "/sessions", { body: { email, password: "not it at all", ...device } });
    const headers = [...answer.headers].filter(([name]) => name !== "date");
    return { status: answer.status, headers, body: await answer.text() };
  };
  expect(await told("nobody@fio.example")).toEqual(await told("sol@fio.example"));
});

test("an agent sets a password by the link, signs in, sees their sessions and ends them", async () => {
  const key = await rig.add("ana@fio.example", "Ana");
  expect(await (await ask("POST", "/sign-in-links/look-up", { body: { key } })).json()).toMatchObject({
    name: "Ana",
  });
  const accept = (password: string) =>
    ask("POST", "/sign-in-links/accept", { body: { key, password, ...device } });
  expect((await accept("short")).status).toBe(400);
  expect((await accept(PASSWORD)).status).toBe(201);
  expect((await accept(PASSWORD)).status).toBe(404);
  const signIn = (given: object) =>
    ask("POST", "/sessions", { body: { email: "ana@fio.example", password: PASSWORD, ...device, ...given } });
  const [wrong, unknown] = [await signIn({ password: "x" }), await signIn({ email: "eva@fio.example" })];
  expect(wrong.status).toBe(401);
  expect(await wrong.text()).toBe(await unknown.text());
  const signedIn = await signIn({});
  const { token: session } = (await signedIn.json()) as SignedIn;
  expect(await (await ask("GET", "/sessions/current", { session })).json()).toMatchObject({
    account: { email: "ana@fio.example", name: "Ana", role: "agent" },
  });
  const listed = (await (await ask("GET", "/sessions/", { session })).json()) as Array<{
    id: string;
    current: boolean;
  }>;
  expect(listed.map(({ current }) => current).toSorted()).toEqual([false, true]);
  const other = listed.find(({ current }) => !current)?.id ?? "";
  expect((await ask("DELETE", `/sessions/${other}`, { session })).status).toBe(204);
  expect((await ask("DELETE", `/sessions/${other}`, { session })).status).toBe(404);
  expect((await ask("DELETE", "/sessions/current", { session })).status).toBe(204);
  expect((await ask("GET", "/sessions/current", { session })).status).toBe(401);
});

test("a password is changed by the current one, under a new token; without a session by nobody", async () => {
  const key = await rig.add("rui@fio.example", "Rui");
  const accepted = await ask("POST", "/sign-in-links/accept", {
    body: { key, password: PASSWORD, ...device },
  });
  const { token: session } = (await accepted.json()) as SignedIn;
  const change = async (given: object, by = session) => {
    const body = { current: PASSWORD, password: "another one of his", ...given, ...device };
    const answer = await ask("POST", "/sessions/current/password", { body, session: by });
    return { status: answer.status, body: (await answer.json()) as Partial<SignedIn & Problem> };
  };
  expect(await change({}, "")).toMatchObject({ status: 401, body: { code: "SESSION_ENDED" } });
  expect(await change({ current: "x" })).toMatchObject({ status: 403, body: { code: "PASSWORD_WRONG" } });
  expect(await change({ password: "short" })).toMatchObject({ status: 400 });
  const changed = await change({});
  expect(changed).toMatchObject({ status: 201, body: { account: { email: "rui@fio.example" } } });
  expect((await ask("GET", "/sessions/current", { session })).status).toBe(401);
  const { token = "" } = changed.body;
  expect((await ask("GET", "/sessions/current", { session: token })).status).toBe(200);
});

test.each([
  ["GET", "/sessions", undefined, 401],
  ["GET", "/sessions/current", undefined, 401],
  ["DELETE", "/sessions/current", undefined, 401],
  ["POST", "/sessions", "{", 400],
  ["POST", "/sessions", "{}", 400],
  ["POST", "/sessions", " ".repeat(20_000), 413],
  ["PUT", "/sessions", "{}", 405],
  ["GET", "/sessions/current/password", undefined, 405],
  ["POST", "/sessions/current/password", "{}", 401],
  ["GET", "/sessions/second", undefined, 405],
  ["POST", "/sessions/second", "{}", 400],
  ["POST", "/sessions/second", '{"step":"x","code":"492039","address":"192.0.2.1"}', 401],
  ["GET", "/sessions/current/second-factor", undefined, 401],
  ["POST", "/sessions/current/second-factor", "{}", 405],
  ["POST", "/sessions/current/second-factor/begin", "{}", 401],
  ["POST", "/sessions/current/second-factor/confirm", "{}", 401],
  ["POST", "/sessions/current/second-factor/end", "{}", 401],
  ["GET", "/sign-in-links/accept", undefined, 405],
  ["POST", "/sign-in-links/look-up", '{"key":"x"}', 404],
] as const)("%s %s with %j is %s", async (method, path, body, status) => {
  const answer = await fetch(`${rig.api.url}${path}`, {
    method,
    headers: { Authorization: "Bearer web-app-token" },
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.status).toBe(status);
});

test("without the web app's token nobody signs in, or asks who is", async () => {
  for (const path of ["/sessions", "/sessions/current"]) expect((await rig.api.get(path)).status).toBe(401);
  expect(await (await rig.api.post("/sessions")).body).toMatchObject({ code: "UNAUTHORIZED" });
});
