import { TOTP } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountRow, BegunSecondFactor, RecoveryCodes, SecondStep, SignedIn } from "@fio/contracts";
import { DEVICE, PASSWORD, startSignInApi } from "./testing/sign-in-api.ts";

let rig: Awaited<ReturnType<typeof startSignInApi>>;
beforeAll(async () => {
  rig = await startSignInApi();
});
afterAll(() => rig.end());

const { address } = DEVICE;
const FACTOR = "/sessions/current/second-factor";

test("an agent switches a second factor on, signs in by the password and a code, and an admin takes it off", async () => {
  const { token: session, account } = await rig.joined("ana@fio.example", "Ana");
  const as = (method: string, path: string, body?: object, by = session) =>
    rig.ask(method, path, { session: by, ...(body === undefined ? {} : { body }) });
  const told = async (answer: Promise<Response>) => {
    const { status, body } = await answer.then(async (one) => ({
      status: one.status,
      body: await one.text(),
    }));
    return { status, code: body === "" ? null : ((JSON.parse(body) as { code?: string }).code ?? null) };
  };
  expect(await (await as("GET", FACTOR)).json()).toEqual({ on: false, recovery_codes_left: 0 });
  expect(await told(as("POST", `${FACTOR}/confirm`, { code: "000000", address }))).toEqual({
    status: 409,
    code: "SECOND_FACTOR_OFF",
  });
  expect(await told(as("POST", `${FACTOR}/begin`, { password: "another", address }))).toEqual({
    status: 403,
    code: "PASSWORD_WRONG",
  });
  const begun = (await (
    await as("POST", `${FACTOR}/begin`, { password: PASSWORD, address })
  ).json()) as BegunSecondFactor;
  expect(begun.uri).toBe(
    `otpauth://totp/Fio:ana%40fio.example?issuer=Fio&secret=${begun.secret}&algorithm=SHA1&digits=6&period=30`,
  );
  const totp = new TOTP({ secret: begun.secret });
  const at = Date.now();
  expect(await told(as("POST", `${FACTOR}/confirm`, { code: "000", address }))).toEqual({
    status: 403,
    code: "CODE_WRONG",
  });
  const confirmed = await as("POST", `${FACTOR}/confirm`, {
    code: totp.generate({ timestamp: at }),
    address,
  });
  const { recovery_codes: codes } = (await confirmed.json()) as RecoveryCodes;
  expect([confirmed.status, codes.length]).toEqual([201, 10]);
  expect(await told(as("POST", `${FACTOR}/begin`, { password: PASSWORD, address }))).toEqual({
    status: 409,
    code: "SECOND_FACTOR_ON",
  });

  const signIn = () =>
    rig.ask("POST", "/sessions", { body: { email: account.email, password: PASSWORD, ...DEVICE } });
  const asked = await signIn();
  const { step, ...nothing } = (await asked.json()) as SecondStep;
  expect([asked.status, nothing]).toEqual([202, {}]);
  // A step is no session.
  expect(await told(as("GET", "/sessions/current", undefined, step))).toEqual({
    status: 401,
    code: "SESSION_ENDED",
  });
  const give = (code: string) => rig.ask("POST", "/sessions/second", { body: { step, code, ...DEVICE } });
  expect(await told(give("000"))).toEqual({ status: 403, code: "CODE_WRONG" });
  const entered = await give(totp.generate({ timestamp: at + 30_000 }));
  const { token } = (await entered.json()) as SignedIn;
  expect([entered.status, (await as("GET", "/sessions/current", undefined, token)).status]).toEqual([
    201, 200,
  ]);
  expect(await told(give(codes[0] ?? ""))).toEqual({ status: 401, code: "SECOND_STEP_ENDED" });
  const ending = { password: PASSWORD, code: "000", address };
  expect(await told(as("POST", `${FACTOR}/end`, ending))).toEqual({ status: 403, code: "CODE_WRONG" });

  const { token: admin } = await rig.joined("iara@fio.example", "Iara", "--admin");
  const listed = async () => {
    const rows = (await (await as("GET", "/accounts", undefined, admin)).json()) as AccountRow[];
    return rows.find(({ id }) => id === account.id)?.second_factor;
  };
  expect(await listed()).toBe(true);
  const path = `/accounts/${account.id}/take-off-second-factor`;
  expect(await told(as("POST", path))).toEqual({ status: 403, code: "NOT_AN_ADMIN" });
  expect((await as("POST", path, undefined, admin)).status).toBe(200);
  expect(await listed()).toBe(false);
  expect((await signIn()).status).toBe(201);
});
