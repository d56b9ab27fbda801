import { setImmediate as tick } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS, createBatcher, type BatchLimits } from "./batch.ts";

type Entry = { name: string; events: number[]; bytes: number };
type Sent = { names: string[]; done: () => void; fail: (error: Error) => void };

const entry = (name: string, events = 1, bytes = 200): Entry => ({
  name,
  events: Array.from({ length: events }, (_, index) => index),
  bytes,
});

/** A batcher whose flushes end when the test says so. */
function batcherUnderTest(
  limits: Partial<BatchLimits> = {},
  workers: { behind: boolean } = { behind: false },
  now?: () => number,
) {
  const sent: Sent[] = [];
  const batcher = createBatcher<Entry, string>({
    flush: (entries) =>
      new Promise((resolve, reject) => {
        const names = entries.map(({ name }) => name);
        sent.push({
          names,
          done: () => resolve(names.map((name) => `${name} done`)),
          fail: reject,
        });
      }),
    late: () => new Error("late"),
    behind: () => workers.behind,
    limits: { ...LIMITS, ...limits },
    ...(now === undefined ? {} : { now }),
  });
  const outcomes = new Map<string, string>();
  const add = (one: Entry): void => {
    batcher.add(one).then(
      (result) => outcomes.set(one.name, result),
      (error: unknown) => outcomes.set(one.name, (error as Error).message),
    );
  };
  return { batcher, sent, outcomes, add };
}

test("an idle system sends at once", async () => {
  const { add, sent } = batcherUnderTest();
  add(entry("a"));
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["a"]]);
});

test("requests that come together leave together", async () => {
  const { add, sent } = batcherUnderTest();
  add(entry("a"));
  add(entry("b", 10));
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["a", "b"]]);
});

test("what comes while flushes are on their way gathers, and leaves on the next one", async () => {
  const { add, sent } = batcherUnderTest({ maxInFlight: 2 });
  for (const name of ["a", "b", "c", "d", "e"]) {
    add(entry(name));
    await tick();
  }
  expect(sent.map(({ names }) => names)).toEqual([["a"], ["b"]]);
  sent[0]!.done();
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["a"], ["b"], ["c", "d", "e"]]);
});

const NEVER_MS = 60_000;

test("while workers are behind, a request waits for those of the senders that were there lately", async () => {
  const workers = { behind: false };
  const { add, sent } = batcherUnderTest({ gatherMs: NEVER_MS }, workers);
  for (const name of ["a", "b", "c"]) add(entry(name));
  await tick();
  sent[0]!.done();
  await tick();
  workers.behind = true;
  for (const name of ["d", "e"]) {
    add(entry(name));
    await tick();
  }
  expect(sent).toHaveLength(1);
  add(entry("f"));
  await tick();
  expect(sent.map(({ names }) => names).at(-1)).toEqual(["d", "e", "f"]);
});

test("it waits some milliseconds at most, and not once there is enough for a job", async () => {
  const workers = { behind: true };
  const { add, sent } = batcherUnderTest({ gatherMs: 20, gatherEvents: 10 }, workers);
  for (const name of ["a", "b", "c"]) add(entry(name));
  await tick();
  sent[0]!.done();
  await tick();
  add(entry("d"));
  await expect.poll(() => sent.map(({ names }) => names).at(-1)).toEqual(["d"]);
  sent[1]!.done();
  await tick();
  add(entry("e", 10));
  await tick();
  expect(sent.map(({ names }) => names).at(-1)).toEqual(["e"]);
});

test("a lone sender is never held, however far behind workers are", async () => {
  const { add, sent } = batcherUnderTest({ gatherMs: NEVER_MS }, { behind: true });
  for (const name of ["a", "b", "c"]) {
    add(entry(name));
    await tick();
    expect(sent.at(-1)?.names).toEqual([name]);
    sent.at(-1)!.done();
    await tick();
  }
});

test("nobody waits for senders that are gone", async () => {
  let now = 0;
  const workers = { behind: true };
  const { add, sent } = batcherUnderTest({ gatherMs: NEVER_MS }, workers, () => now);
  for (const name of ["a", "b"]) add(entry(name));
  await tick();
  sent[0]!.done();
  await tick();
  now += 1_200;
  add(entry("c"));
  await tick();
  expect(sent.at(-1)?.names).toEqual(["c"]);
});

test("each request is answered after its own flush, not after another", async () => {
  const { add, sent, outcomes } = batcherUnderTest({ maxInFlight: 2 });
  add(entry("a"));
  await tick();
  add(entry("b"));
  await tick();
  sent[1]!.done();
  await tick();
  expect([...outcomes]).toEqual([["b", "b done"]]);
});

test("a failed flush fails exactly its own requests", async () => {
  const { add, sent, outcomes } = batcherUnderTest({ maxInFlight: 1 });
  add(entry("a"));
  await tick();
  for (const name of ["b", "c"]) add(entry(name));
  sent[0]!.fail(new Error("no disk"));
  await tick();
  for (const name of ["d", "e"]) add(entry(name));
  sent[1]!.done();
  await tick();
  sent[2]!.fail(new Error("no memory"));
  await tick();
  expect(Object.fromEntries(outcomes)).toEqual({
    a: "no disk",
    b: "b done",
    c: "c done",
    d: "no memory",
    e: "no memory",
  });
});

test("at most 500 events share a flush, and an array is never split", async () => {
  const { add, sent } = batcherUnderTest({ maxInFlight: 9 });
  for (const [name, events] of Object.entries({ a: 400, b: 100, c: 1, d: 300, e: 300 })) {
    add(entry(name, events));
  }
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("at most 256 KiB share a flush", async () => {
  const { add, sent } = batcherUnderTest({ maxInFlight: 9 });
  for (const name of ["a", "b", "c"]) add(entry(name, 1, 100 * 1024));
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["a", "b"], ["c"]]);
});

test("an array larger than a batch is a job of its own", async () => {
  const { add, sent } = batcherUnderTest({ maxInFlight: 9 });
  add(entry("small"));
  add(entry("large", 1_000));
  add(entry("heavy", 1, 900 * 1024));
  add(entry("last"));
  await tick();
  expect(sent.map(({ names }) => names)).toEqual([["small"], ["large"], ["heavy"], ["last"]]);
});

test("a request that waits too long for its turn is told so, and is never sent", async () => {
  const { add, sent, outcomes, batcher } = batcherUnderTest({ maxInFlight: 1, deadlineMs: 40 });
  add(entry("a"));
  await tick();
  add(entry("b"));
  await expect.poll(() => outcomes.get("b")).toBe("late");
  sent[0]!.done();
  await batcher.drained();
  expect(sent.map(({ names }) => names)).toEqual([["a"]]);
});

test("a flush that takes too long fails its requests, whatever comes of it", async () => {
  const { add, sent, outcomes } = batcherUnderTest({ deadlineMs: 40 });
  add(entry("a"));
  await expect.poll(() => outcomes.get("a")).toBe("late");
  sent[0]!.done();
  await tick();
  expect(outcomes.get("a")).toBe("late");
});

test("it is drained when all is answered and nothing is on its way", async () => {
  const { add, sent, batcher } = batcherUnderTest({ maxInFlight: 1 });
  await batcher.drained();
  add(entry("a"));
  await tick();
  add(entry("b"));
  let drained = false;
  void batcher.drained().then(() => (drained = true));
  sent[0]!.done();
  await tick();
  expect(drained).toBe(false);
  sent[1]!.done();
  await tick();
  expect(drained).toBe(true);
});

test("whatever comes and however flushes end: each request once, in order, within the limits, with its own end", async () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("add" as const), size: fc.integer({ min: 1, max: 12 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("end" as const),
        which: fc.nat(),
        fails: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      async (steps, maxInFlight, behind) => {
        const limits = { maxInFlight, maxEvents: 10, gatherMs: 0 };
        const { add, sent, outcomes, batcher } = batcherUnderTest(limits, { behind });
        const sizes = new Map<string, number>();
        const ends = new Map<string, string>();
        const open = (): Sent[] => sent.filter(({ names }) => !ends.has(names[0]!));
        const end = (flush: Sent, fails: boolean): void => {
          for (const name of flush.names) ends.set(name, fails ? "failed" : `${name} done`);
          if (fails) flush.fail(new Error("failed"));
          else flush.done();
        };
        for (const one of steps) {
          if (one.kind === "add") {
            const name = `r${sizes.size}`;
            sizes.set(name, one.size);
            add(entry(name, one.size));
          } else if (one.kind === "tick") await tick();
          else {
            const under = open();
            if (under.length > 0) end(under[one.which % under.length]!, one.fails);
          }
          expect(open().length).toBeLessThanOrEqual(maxInFlight);
        }
        for (
          let left = true;
          left;
          left = open().length > 0 || sent.flatMap(({ names }) => names).length < sizes.size
        ) {
          for (const flush of open()) end(flush, false);
          await tick();
        }
        await batcher.drained();
        await tick();
        expect(sent.flatMap(({ names }) => names)).toEqual([...sizes.keys()]);
        for (const { names } of sent) {
          const events = names.reduce((sum, name) => sum + sizes.get(name)!, 0);
          expect(events <= 10 || names.length === 1).toBe(true);
        }
        expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(ends));
      },
    ),
    { numRuns: 300 },
  );
});
