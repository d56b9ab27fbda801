import { expect, test } from "vitest";
import { createPacedReads } from "./paced-reads.ts";

/** A clock of our own: `pass` runs what is due, and lets answers come. */
function rig() {
  let now = 0;
  let visible = true;
  let answers = true;
  const timers = new Set<{ at: number; run: () => void }>();
  const readAt: number[] = [];
  const reads = createPacedReads({
    read: () => {
      readAt.push(now);
      return Promise.resolve(answers);
    },
    isVisible: () => visible,
    now: () => now,
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    restMs: 100,
  });
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  };
  const pass = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    await settle();
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers.delete(next);
      now = next.at;
      next.run();
      await settle();
    }
    now = end;
  };
  return {
    reads,
    readAt,
    pass,
    show: (on: boolean) => void (visible = on),
    answer: (on: boolean) => void (answers = on),
  };
}

test("nothing changed, nothing is read, however long", async () => {
  const { readAt, pass } = rig();
  await pass(3_600_000);
  expect(readAt).toEqual([]);
});

test("a change is read at once, and many of them with a rest between", async () => {
  const { reads, readAt, pass } = rig();
  for (let change = 0; change < 20; change += 1) {
    reads.changed(0);
    await pass(20);
  }
  await pass(1_000);
  expect(readAt).toEqual([0, 100, 200, 300, 400]);
});

test("what is reported only later is read once then", async () => {
  const { reads, readAt, pass } = rig();
  reads.changed(5_000);
  await pass(1_000);
  reads.changed(5_000);
  await pass(60_000);
  expect(readAt).toEqual([5_000, 6_000]);
});

test("a hidden page reads once, when it is seen again", async () => {
  const { reads, readAt, pass, show } = rig();
  show(false);
  reads.changed(0);
  reads.changed(500);
  await pass(10_000);
  expect(readAt).toEqual([]);
  show(true);
  reads.look();
  await pass(10_000);
  expect(readAt).toEqual([10_000]);
});

test("what was not answered is asked for again, until it is", async () => {
  const { reads, readAt, pass, answer } = rig();
  answer(false);
  reads.changed(0);
  await pass(250);
  answer(true);
  await pass(10_000);
  expect(readAt).toEqual([0, 100, 200, 300]);
});

test("nothing is read after the end", async () => {
  const { reads, readAt, pass } = rig();
  reads.changed(1_000);
  reads.end();
  reads.changed(0);
  await pass(10_000);
  expect(readAt).toEqual([]);
});
