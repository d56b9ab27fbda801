import { expect, test } from "vitest";
import { stack } from "./stack.ts";

test("what was started last ends first, and each step leaves time for those that follow", async () => {
  const running = stack();
  const ended: Array<[string, number]> = [];
  for (const name of ["redis", "conversations", "web"]) {
    running.add((limitMs) => void ended.push([name, limitMs]));
  }
  await running.unwind(9_000);
  expect(ended.map(([name]) => name)).toEqual(["web", "conversations", "redis"]);
  const [web = 0, conversations = 0, redis = 0] = ended.map(([, limitMs]) => limitMs);
  expect(web).toBeLessThanOrEqual(7_000);
  expect(conversations).toBeLessThanOrEqual(8_000);
  expect(redis).toBeGreaterThan(8_500);
});

test("what starts while all is being ended is ended at once", async () => {
  const running = stack();
  await running.unwind(1_000);
  let ended = false;
  running.add(() => void (ended = true));
  expect(ended).toBe(true);
});
