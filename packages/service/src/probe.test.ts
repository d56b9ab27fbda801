import { expect, test } from "vitest";
import { createProbe } from "./probe.ts";

test("many who ask share one probe, and its answer for a while", async () => {
  let asked = 0;
  let time = 0;
  const probe = createProbe({
    work: () => Promise.resolve((asked += 1)),
    fault: "away",
    freshMs: 1_000,
    now: () => time,
  });
  expect(await Promise.all([probe(), probe(), probe()])).toEqual([null, null, null]);
  expect([await probe(), asked]).toEqual([null, 1]);
  time = 1_001;
  expect([await probe(), asked]).toEqual([null, 2]);
});

test("what fails is a fault, until it does not", async () => {
  let away = true;
  const work = () => (away ? Promise.reject(new Error("away")) : Promise.resolve());
  const probe = createProbe({ work, fault: "away", freshMs: 0 });
  expect(await probe()).toBe("away");
  away = false;
  expect(await probe()).toBeNull();
});

test("what hangs is a fault after the limit, is not asked again meanwhile, and is well once it ends", async () => {
  let asked = 0;
  let release = (): void => {};
  const work = () => {
    asked += 1;
    return asked > 1 ? Promise.resolve() : new Promise<void>((resolve) => (release = resolve));
  };
  const probe = createProbe({ work, fault: "hangs", limitMs: 20, freshMs: 0 });
  expect(await probe()).toBe("hangs");
  expect(await Promise.all([probe(), probe()])).toEqual(["hangs", "hangs"]);
  expect(asked).toBe(1);
  release();
  await new Promise(setImmediate);
  expect([await probe(), asked]).toEqual([null, 2]);
});
