import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { attackWithTooMuch } from "./floods.ts";
import { attackPages } from "./pages.ts";
import { attackAsSenderOrReader } from "./senders-and-readers.ts";
import { times } from "./support/attack.ts";
import { openRange, type Range } from "./support/range.ts";
import type { Answered } from "./support/tally.ts";
import { attackTheDoor } from "./the-door.ts";

/* Every request that must not get in, against the whole of Fio as production runs it, while those who may are served. */

// Hundreds of requests each, on machines that may be busy with others.
vi.setConfig({ testTimeout: 90_000 });

let range: Range;
const of = (): Range => range;

beforeAll(async () => {
  range = await openRange();
}, 120_000);
afterAll(async () => {
  console.log(range.tally.page());
  await range.remove();
});

attackAsSenderOrReader(of);
attackTheDoor(of);
attackPages(of);
attackWithTooMuch(of);

test("all the while a sender who signs and an agent who reads were served", async () => {
  const { tally, system } = of();
  const { sender, agent, frames, streamEnded } = await of().served.stop();
  const answered = (counts: Record<string, number>): Answered[] =>
    Object.entries(counts).flatMap(([status, count]) => times(count, status));
  tally.add("let in: a sender who signs", answered(sender.statuses), []);
  tally.add("let in: an agent who reads", answered(agent), []);
  expect(sender.statuses).toEqual({ 202: sender.accepted });
  expect(sender.accepted).toBeGreaterThan(20);
  expect(Object.keys(agent)).toEqual(["200"]);
  expect(streamEnded).toBe(false);
  expect(frames).toBeGreaterThan(10);
  for (const process of system.processes) {
    expect(process.pid()).toBeDefined();
    expect([process.name, (await process.log()).match(/"level":[56]0.*/g)]).toEqual([process.name, null]);
  }
});
