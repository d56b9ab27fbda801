import { expect, test } from "vitest";
import { secondStepCookie } from "./second-step-cookie.ts";

const STEP = "s".repeat(43);
const broughtBy = (cookie: string): Request => new Request("http://fio.test", { headers: { cookie } });

test("the step between password and code lasts five minutes, for no script and no other site, over TLS with its prefix", () => {
  expect(secondStepCookie.set(STEP, { secure: true })).toBe(
    `__Host-fio_step=${STEP}; Path=/; Max-Age=300; HttpOnly; SameSite=Strict; Secure`,
  );
  expect(secondStepCookie.set(STEP, { secure: false })).toBe(
    `fio_step=${STEP}; Path=/; Max-Age=300; HttpOnly; SameSite=Strict`,
  );
  expect(secondStepCookie.clear({ secure: true })).toContain("__Host-fio_step=; Path=/; Max-Age=0;");
});

test.each([
  [`__Host-fio_step=${STEP}`, true, STEP],
  [`fio_step=${STEP}`, true, null],
  [`fio_step=${STEP}`, false, STEP],
  ["fio_step=short", false, null],
  [`fio_session=${STEP}`, false, null],
])("of %s, secure %s, the step is %s", (cookie, secure, step) => {
  expect(secondStepCookie.of(broughtBy(cookie), { secure })).toBe(step);
});
