import { expect, test } from "vitest";
import type { JobEvent } from "@fio/contracts";
import { storyOf } from "../store/testing/fixture.ts";
import { createGroup, Stopped, type Commit } from "./group.ts";

const job = (events: number, content = "Olá"): JobEvent[] =>
  Array.from({ length: events }, (_, index) => storyOf().message(index, { content }));

/** A commit that the test lets go on, one transaction at a time. */
function heldBack() {
  const sizes: number[] = [];
  const going: Array<() => void> = [];
  const commit: Commit = async (events) => {
    sizes.push(events.length);
    await new Promise<void>((resolve) => going.push(resolve));
    return { announced: Promise.resolve() };
  };
  const goOn = async (): Promise<void> => {
    await turn();
    going.shift()?.();
    await turn();
  };
  return { sizes, commit, goOn };
}
const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test("a job that comes alone is committed at once", async () => {
  const { sizes, commit, goOn } = heldBack();
  const done = createGroup({ commit, stopping: never }).submit(job(1));
  await goOn();
  await done;
  expect(sizes).toEqual([1]);
});

test("jobs that come during a transaction share the next one", async () => {
  const { sizes, commit, goOn } = heldBack();
  const group = createGroup({ commit, stopping: never });
  const first = group.submit(job(1));
  await turn();
  const others = [group.submit(job(2)), group.submit(job(3)), group.submit(job(4))];
  await goOn();
  await goOn();
  await Promise.all([first, ...others]);
  expect(sizes).toEqual([1, 9]);
});

test("a transaction holds at most a thousand events, and no job is cut", async () => {
  const { sizes, commit, goOn } = heldBack();
  const group = createGroup({ commit, stopping: never });
  const jobs = [job(500), job(400), job(200), job(1_500), job(1)].map((events) => group.submit(events));
  for (let index = 0; index < 4; index += 1) await goOn();
  await Promise.all(jobs);
  expect(sizes).toEqual([900, 200, 1_500, 1]);
});

test("what is ahead passes all that has not begun, and keeps its own order", async () => {
  const { sizes, commit, goOn } = heldBack();
  const group = createGroup({ commit, stopping: never });
  const first = group.submit(job(1));
  await turn();
  const others = [
    group.submit(job(900)),
    group.alone(() => Promise.resolve()),
    group.submit(job(2), { ahead: true }),
    group.submit(job(998), { ahead: true }),
  ];
  for (let index = 0; index < 4; index += 1) await goOn();
  await Promise.all([first, ...others]);
  expect(sizes).toEqual([1, 1_900]);
});

test("long messages make a transaction of fewer", async () => {
  const { sizes, commit, goOn } = heldBack();
  const group = createGroup({ commit, stopping: never });
  const jobs = Array.from({ length: 3 }, () => job(32, "a".repeat(65_536))).map((events) =>
    group.submit(events),
  );
  for (let index = 0; index < 2; index += 1) await goOn();
  await Promise.all(jobs);
  expect(sizes).toEqual([64, 32]);
});

test("who has a turn alone shares it with nobody", async () => {
  const seen: string[] = [];
  const group = createGroup({
    stopping: never,
    commit: async (events) => {
      seen.push(`commit ${events.length}`);
      await turn();
      return { announced: Promise.resolve() };
    },
  });
  const all = [
    group.submit(job(1)),
    group.alone(async () => {
      seen.push("alone");
      await turn();
      seen.push("alone no more");
    }),
    group.submit(job(2)),
    group.submit(job(3)),
  ];
  await Promise.all(all);
  expect(seen).toEqual(["commit 1", "alone", "alone no more", "commit 5"]);
});

test("a job is done only once its events are told, and the next transaction does not wait for that", async () => {
  let tell = (): void => {};
  const seen: number[] = [];
  const group = createGroup({
    stopping: never,
    commit: (events) => {
      seen.push(events.length);
      const announced =
        seen.length > 1 ? Promise.resolve() : new Promise<void>((resolve) => (tell = resolve));
      return Promise.resolve({ announced });
    },
  });
  let done = false;
  const first = group.submit(job(1)).then(() => (done = true));
  await turn();
  await group.submit(job(2));
  expect([seen, done]).toEqual([[1, 2], false]);
  tell();
  await first;
});

test("when a transaction fails, its jobs do, and the next one goes on", async () => {
  let fail = true;
  const group = createGroup({
    stopping: never,
    commit: async () => {
      await turn();
      if (fail) throw new Error("no");
      return { announced: Promise.resolve() };
    },
  });
  const [one, other] = [group.submit(job(1)), group.submit(job(1))];
  await expect(one).rejects.toThrow("no");
  await expect(other).rejects.toThrow("no");
  fail = false;
  await group.submit(job(1));
});

test("once the worker stops, a transaction that has begun is finished and the rest is left to others", async () => {
  const { sizes, commit, goOn } = heldBack();
  const stop = new AbortController();
  const group = createGroup({ commit, stopping: stop.signal });
  const first = group.submit(job(1));
  await turn();
  const others = [group.submit(job(2)), group.alone(() => Promise.resolve())];
  const left = Promise.allSettled(others);
  stop.abort();
  await goOn();
  await first;
  expect(sizes).toEqual([1]);
  for (const one of await left)
    expect(one).toMatchObject({ status: "rejected", reason: expect.any(Stopped) as Stopped });
});
