import { expect, test } from "vitest";
import { BODY_LIMITS, createBodyBudget, type BodyLimits } from "./body-budget.ts";
import { until } from "../../../test/support/until.ts";

/** A budget with its own clock, and bodies that remember why they were cut. Each part costs 256 bytes more. */
function setUp(limits: Partial<BodyLimits> = {}) {
  let time = 0;
  const budget = createBodyBudget({ limits: { ...BODY_LIMITS, ...limits }, now: () => time });
  return {
    held: budget.held,
    pass: (ms: number) => (time += ms),
    body: (client = "a") => {
      let cut: string | null = null;
      const share = budget.begin(client, (why) => (cut = why));
      return share === null ? null : { ...share, cut: () => cut };
    },
  };
}
const KB = 1_024;
/** Room for ten bodies of 10 kB that are large, and for 20 kB of small ones. */
const TEN = { bytes: 125 * KB, smallReserve: 20 * KB, smallBody: KB, clientBytes: 125 * KB };

test("what ends gives its room back, once", () => {
  const { body, held } = setUp(TEN);
  const [first, second] = [body(), body()];
  expect(first?.take(10 * KB)).toBe(true);
  expect(second?.take(10 * KB)).toBe(true);
  first?.end();
  first?.end();
  expect(held()).toBe(10 * KB + 256);
  expect(first?.take(1)).toBe(false);
  second?.end();
  expect(held()).toBe(0);
});

test("bodies that come on are not cut for one more of their size", () => {
  const { body } = setUp(TEN);
  const first = Array.from({ length: 10 }, () => body()!);
  for (const one of first) expect(one.take(10 * KB)).toBe(true);
  expect(body()?.take(10 * KB)).toBe(false);
  expect(first.map(({ cut }) => cut())).toEqual(first.map(() => null));
});

test("small bodies still find room when large ones have all that they may have", () => {
  const { body } = setUp(TEN);
  for (let index = 0; index < 10; index += 1) expect(body()?.take(10 * KB)).toBe(true);
  for (let index = 0; index < 20; index += 1) expect(body()?.take(500)).toBe(true);
});

test("a body that has stalled is cut when another needs its room", () => {
  const { body, pass } = setUp(TEN);
  const stalled = body()!;
  stalled.take(10 * KB);
  pass(600);
  const others = Array.from({ length: 9 }, () => body()!);
  for (const other of others) other.take(10 * KB);
  expect(stalled.cut()).toBeNull();
  expect(body()?.take(10 * KB)).toBe(true);
  expect(stalled.cut()).toBe("no room");
  expect(stalled.take(1)).toBe(false);
  expect(others.map(({ cut }) => cut())).toEqual(others.map(() => null));
});

test("a body that trickles is cut before those that come fast", () => {
  const { body, pass } = setUp(TEN);
  const trickling = body()!;
  trickling.take(10 * KB);
  for (let round = 0; round < 10; round += 1) {
    pass(300);
    trickling.take(1);
  }
  const others = Array.from({ length: 9 }, () => body()!);
  for (const other of others) other.take(9 * KB);
  expect(body()?.take(10 * KB)).toBe(true);
  expect(trickling.cut()).toBe("no room");
});

test("the largest gives way to smaller ones, of the client that holds most", () => {
  const { body } = setUp(TEN);
  const [heavy, light] = [body("heavy")!, body("light")!];
  heavy.take(60 * KB);
  const second = body("heavy")!;
  second.take(20 * KB);
  light.take(20 * KB);
  expect(body("new")?.take(10 * KB)).toBe(true);
  expect([heavy, second, light].map(({ cut }) => cut())).toEqual(["no room", null, null]);
});

test("one client has a limit of its own, and makes room among its own bodies alone", () => {
  const { body, pass } = setUp({ ...TEN, clientBytes: 30 * KB });
  const other = body("b")!;
  other.take(10 * KB);
  const mine = [body()!, body()!];
  for (const one of mine) one.take(10 * KB);
  pass(600);
  expect(body()?.take(10 * KB)).toBe(true);
  expect(mine.filter(({ cut }) => cut() !== null)).toHaveLength(1);
  expect(other.cut()).toBeNull();
});

test("too many bodies of one client, or in all, keep others out only while they come on", () => {
  const { body, pass } = setUp({ bodies: 5, clientBodies: 3 });
  const first = [body(), body(), body()];
  expect(body()).toBeNull();
  expect([body("b"), body("b"), body("c")].map((one) => one === null)).toEqual([false, false, true]);
  pass(600);
  expect(body()).not.toBeNull();
  expect(body("c")).not.toBeNull();
  expect(first.filter((one) => one?.cut() !== null).length).toBeGreaterThanOrEqual(1);
});

test("a body of single bytes does not hold more than it is counted for", () => {
  const { body } = setUp(TEN);
  const bytes = body()!;
  let taken = 0;
  while (bytes.take(1)) taken += 1;
  expect(taken).toBeLessThan(500);
});

test("a body behind the minimum rate is cut after its grace, one that keeps to it is not", async () => {
  const { body, pass } = setUp({ graceMs: 5_000, minBytesPerSecond: 1_000 });
  const [first, bursting, steady] = [body()!, body()!, body()!];
  const cut = (what: string, of: typeof first) => until(() => of.cut(), { what });
  pass(200);
  const second = body()!;
  bursting.take(100_000);
  for (let count = 0; count < 4; count += 1) {
    pass(1_000);
    steady.take(1_000);
  }
  pass(900);
  expect(await cut("the first is cut", first)).toBe("too slow");
  expect([second, bursting, steady].map((one) => one.cut())).toEqual([null, null, null]);
  pass(200);
  expect(await cut("the second is cut", second)).toBe("too slow");
  expect(bursting.cut()).toBe("too slow");
  expect(steady.cut()).toBeNull();
  steady.end();
});
