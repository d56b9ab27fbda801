import { expect, test } from "vitest";
import type { Account } from "@fio/contracts";
import { ACCOUNT_HEADER } from "../app/device/account.ts";
import { createDoor } from "./door.ts";
import { Unavailable } from "./unavailable.ts";

const ANA: Account = {
  id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a",
  email: "ana@fio.example",
  name: "Ana",
  role: "agent",
};
const TOKEN = "t".repeat(43);

/** A door, and what the read API says of Ana's session. */
function doorOf({ required = true } = {}) {
  const api: { says: Account | null | "away"; asked: number; time: number } = {
    says: ANA,
    asked: 0,
    time: 0,
  };
  const current = (): Promise<Account | null> => {
    api.asked += 1;
    return api.says === "away" ? Promise.reject(new Unavailable("x", 503)) : Promise.resolve(api.says);
  };
  const accounts = { current };
  const door = createDoor({ required, accounts, secure: false, now: () => api.time, watchMs: 5 });
  const enter = (
    path: string,
    {
      method = "GET",
      token = TOKEN,
      pageOf,
    }: { method?: string; token?: string | null; pageOf?: string } = {},
  ) =>
    door.enter(
      new Request(`http://fio.test${path}`, {
        method,
        headers: {
          Accept: "text/html",
          ...(token === null ? {} : { Cookie: `fio_session=${token}` }),
          ...(pageOf === undefined ? {} : { [ACCOUNT_HEADER]: pageOf }),
        },
      }),
    );
  return { api, door, enter };
}
const told = (entered: unknown): unknown =>
  entered instanceof Response ? [entered.status, entered.headers.get("location")] : entered;

test.each([
  ["/", [303, "/sign-in"]],
  ["/conversations/x?state=all", [303, "/sign-in?back=%2Fconversations%2Fx%3Fstate%3Dall"]],
  ["/account", [303, "/sign-in?back=%2Faccount"]],
  ["/sign-in/oidc/x", [303, "/sign-in?back=%2Fsign-in%2Foidc%2Fx"]],
  ["/sign-in/", [303, "/sign-in?back=%2Fsign-in%2F"]],
  ["/%73ign-in", [303, "/sign-in?back=%2F%2573ign-in"]],
  ["/sign-in/../rejections", [303, "/sign-in?back=%2Frejections"]],
  ["/live", [401, null]],
  ["/data/conversations", [401, null]],
  [
    "/media/6a41b347-8d80-4ce9-84ba-7af66f369f6a",
    [303, "/sign-in?back=%2Fmedia%2F6a41b347-8d80-4ce9-84ba-7af66f369f6a"],
  ],
  ["/_root.data", [401, null]],
  ["/rejections.data", [401, null]],
])("without an account %s answers %j, and nothing of a customer's", async (path, answer) => {
  const { enter, api } = doorOf();
  expect(told(await enter(path, { token: null }))).toEqual(answer);
  expect(told(await enter(path, { token: "made up" }))).toEqual(answer);
  api.says = null;
  expect(told(await enter(path))).toEqual(answer);
});

test("a form that was posted too late leads to sign-in, and not back to itself", async () => {
  const { enter } = doorOf();
  expect(told(await enter("/rejections", { method: "POST", token: null }))).toEqual([303, "/sign-in"]);
});

test.each([
  "/sign-in",
  "/sign-in.data",
  "/sign-in/code?back=%2Fsearch",
  "/sign-in/oidc",
  "/sign-in/oidc/callback?code=x",
  "/welcome?key=x",
  "/preferences",
])("%s is open to anybody, also while the read API is away", async (path) => {
  const { enter, api } = doorOf();
  expect(told(await enter(path, { token: null }))).toMatchObject({ agent: null });
  api.says = "away";
  expect(told(await enter(path))).toMatchObject({ agent: null });
});

test("who is signed in gets in, and is asked about once in ten seconds", async () => {
  const { enter, api } = doorOf();
  await Promise.all([enter("/"), enter("/rejections"), enter("/data/search")]);
  expect(told(await enter("/"))).toEqual({ agent: ANA, session: TOKEN });
  expect(api.asked).toBe(1);
  api.says = null;
  api.time = 10_000;
  expect(told(await enter("/"))).toEqual([303, "/sign-in"]);
});

test("what a page of one agent asks for is not done as another, who signed in by the same browser since", async () => {
  const { enter } = doorOf();
  const bia = "0f0e4b5e-5d0a-4c0c-9a57-0d6b7f0f6a11";
  expect(told(await enter("/data/events", { method: "POST", pageOf: ANA.id }))).toMatchObject({ agent: ANA });
  expect(told(await enter("/data/events", { method: "POST", pageOf: bia }))).toEqual([401, null]);
  expect(told(await enter("/live", { pageOf: bia }))).toEqual([401, null]);
});

test("while the read API is away who was signed in stays so for less than a minute, and nobody else gets in", async () => {
  const { enter, api } = doorOf();
  await enter("/");
  api.says = "away";
  api.time = 40_000;
  expect(told(await enter("/"))).toMatchObject({ agent: ANA });
  api.time = 45_000;
  expect(told(await enter("/"))).toEqual([503, null]);
  expect(told(await enter("/", { token: "u".repeat(43) }))).toEqual([503, null]);
});

test("a session that was signed out is out at once, whatever was asked before", async () => {
  const { enter, api, door } = doorOf();
  await enter("/");
  api.time = 10_000;
  const before = enter("/");
  door.forget(TOKEN);
  api.says = null;
  await before;
  expect(told(await enter("/"))).toEqual([303, "/sign-in"]);
});

test("an open stream ends when its agent is signed in no more, or that is not known for long", async () => {
  const stopped = new AbortController();
  const { door, api } = doorOf();
  const aborted = (signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve("cut"), { once: true }));
  const disabled = aborted(door.watch({ agent: ANA, session: TOKEN }, stopped.signal));
  api.says = null;
  expect(await disabled).toBe("cut");
  api.says = "away";
  const unknown = aborted(door.watch({ agent: ANA, session: TOKEN }, stopped.signal));
  api.time += 60_000;
  expect(await unknown).toBe("cut");
});

test("where sign-in is off everyone gets in, as nobody", async () => {
  const { enter, api } = doorOf({ required: false });
  expect(told(await enter("/", { token: null }))).toEqual({ agent: null, session: null });
  expect(told(await enter("/"))).toEqual({ agent: null, session: null });
  expect(api.asked).toBe(0);
});
