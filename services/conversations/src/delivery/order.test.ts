import { expect, test } from "vitest";
import type { Receipt } from "@fio/contracts";
import { createOrder } from "./order.ts";

const at = (ms: number) => `${ms}000`.padStart(16, "0") as Receipt;
const NOW = 1_740_000_000_000;

function setUp() {
  const queue = { oldestMs: null as number | null, events: 0 };
  const order = createOrder({
    read: () =>
      Promise.resolve([
        {
          clockMs: NOW,
          oldestMs: queue.oldestMs,
          events: { waiting: queue.events, active: 0, delayed: 0 },
        },
      ]),
  });
  return { queue, order };
}

test("a message leaves at once where all that was accepted before it is applied", async () => {
  const { order } = setUp();
  expect(await order.reaches(at(NOW - 5), 100)).toBe("at_once");
});

test("it waits while something older is in somebody's hand", async () => {
  const { queue, order } = setUp();
  queue.oldestMs = 9_000;
  queue.events = 1;
  expect(await order.reaches(at(NOW - 5), 100)).toBe("not_yet");
  queue.oldestMs = null;
  expect(await order.reaches(at(NOW - 5), 100)).toBe("at_once");
});

test("it is held for minutes behind what a killed process had, not behind a backlog that takes hours", async () => {
  const { queue, order } = setUp();
  queue.oldestMs = 9_000;
  queue.events = 100;
  await order.reaches(at(NOW - 5), 50);
  expect(order.heldForMs()).toBe(120_000);
  queue.events = 500_000;
  await order.reaches(at(NOW - 5), 50);
  expect(order.heldForMs()).toBe(30_000);
});
