import { setTimeout as rest } from "node:timers/promises";
import { expect, test } from "vitest";
import { createClaims } from "./claims.ts";

const tabs = (count: number) => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  return Array.from({ length: count }, (_, n) =>
    createClaims({ memory, tab: `tab ${n}`, rest: (milliseconds) => rest(milliseconds / 4) }),
  );
};

test("of ten tabs that hear of a message at once, one calls", async () => {
  const answers = await Promise.all(tabs(10).map((claim) => claim("a 1", { delayMs: 0 })));
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test("the tab that the agent looks at comes before the others", async () => {
  const [hidden, looked] = tabs(2);
  const answers = await Promise.all([hidden!("a 1", { delayMs: 100 }), looked!("a 1", { delayMs: 0 })]);
  expect(answers).toEqual([false, true]);
});

test("the next message is claimed anew", async () => {
  const [one, other] = tabs(2);
  expect(await one!("a 1", { delayMs: 0 })).toBe(true);
  expect(await other!("a 1", { delayMs: 0 })).toBe(false);
  expect(await other!("a 2", { delayMs: 0 })).toBe(true);
});

test("a browser that keeps nothing calls all the same", async () => {
  const memory = {
    getItem: () => null,
    setItem: () => {
      throw new Error("forbidden");
    },
  };
  const claim = createClaims({ memory, tab: "a", rest: () => Promise.resolve() });
  expect(await claim("a 1", { delayMs: 0 })).toBe(true);
});
