import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createPrices, priceIn } from "./prices.ts";

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject("redisUrl"));
});
afterAll(() => redis.quit());

/** Its month is nobody else's. */
const year = 2100 + Math.floor(Math.random() * 2_000);
const at = (month: number) => String(Date.UTC(year, month - 1, 15) / 1_000);
const told = (status: string, month: number, pricing: object, id = `wamid.${randomUUID()}`) => ({
  ...{ id, status, timestamp: at(month), pricing },
});
const FREE = { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" };
const PAID = { pricing_model: "PMP", type: "regular", category: "utility", price: "0.25", currency: "BRL" };

test("a message is counted once, by month, number and kind, with the amount where one is told", async () => {
  const prices = createPrices(redis);
  const twice = `wamid.${randomUUID()}`;
  const statuses: Array<[string, object]> = [
    ["one", told("delivered", 3, FREE, twice)],
    ["one", told("read", 3, FREE, twice)],
    ["one", told("delivered", 3, FREE)],
    ["one", told("delivered", 3, PAID)],
    ["one", told("read", 3, PAID)],
    ["two", told("delivered", 3, FREE)],
    ["one", told("delivered", 4, FREE)],
  ];
  for (const [number, status] of statuses) await prices.count(number, priceIn(status)!);
  const free = { category: "service", type: "free_customer_service", billable: false, amount: null };
  const paid = { category: "utility", type: "regular", billable: true };
  expect(await prices.sums(`${year}-03`)).toEqual([
    { number: "one", ...free, messages: 2 },
    { number: "one", ...paid, messages: 2, amount: { value: 0.5, currency: "BRL" } },
    { number: "two", ...free, messages: 1 },
  ]);
  expect(await prices.sums(`${year}-04`)).toEqual([{ number: "one", ...free, messages: 1 }]);
});

test("what was only sent, or failed, or tells no price costs nothing yet", () => {
  expect(priceIn(told("sent", 3, FREE))).toBeNull();
  expect(priceIn(told("failed", 3, PAID))).toBeNull();
  expect(priceIn({ ...told("read", 3, FREE), pricing: undefined })).toBeNull();
  expect(priceIn(null)).toBeNull();
});
