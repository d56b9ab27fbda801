import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import { until } from "../../../../../test/support/until.ts";
import { openStore, type Store } from "../connect.ts";
import { migratedStore } from "../testing/fixture.ts";
import { STEP_ROWS, type Backfill } from "./backfill.ts";
import type { BackfillTiming } from "./backfill.ts";
import { runBackfills } from "./run.ts";
import { readProgress } from "./table.ts";
import { vocabulary } from "./vocabulary.ts";
import { fillNumbers, numbering } from "./testing/numbering.ts";

const QUICK: BackfillTiming = { againMs: 50, watchMs: 300, restMs: 20 };
const WORKER = fileURLToPath(new URL("testing/mortal-backfill.ts", import.meta.url));

forEachDatabase(({ create }) => {
  let store: Store;
  let url: string;
  let remove: () => Promise<void>;
  let stopping: AbortController;
  let lines: Array<{ level: number; msg: string; rows?: number }>;
  beforeEach(async () => {
    ({ store, url, remove } = await migratedStore(create));
    stopping = new AbortController();
    lines = [];
  });
  afterEach(async () => {
    stopping.abort();
    await remove();
  });

  const log = pino(
    { level: "info" },
    { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) },
  );
  const run = (backfills: readonly Backfill[], { of = store, timing = QUICK, now = Date.now } = {}) =>
    runBackfills({ store: of, backfills, log, signal: stopping.signal, timing, now });
  const touched = async (): Promise<number[]> =>
    ((await store.read("numbers").orderBy("id")) as Array<{ times: number }>).map(({ times }) => times);
  /** A new store has the vocabulary of all its messages: none. */
  const progress = async () => (await readProgress(store)).filter(({ name }) => name !== vocabulary.name);

  test("all old rows are brought into shape in steps of at most a thousand, and it is said once", async () => {
    await fillNumbers(store, 2_500);
    const steps: number[] = [];
    const backfill = numbering();
    await run([
      {
        ...backfill,
        step: async (connection, where) => {
          const stepped = await backfill.step(connection, where);
          steps.push(stepped.rows);
          return stepped;
        },
      },
    ]);
    expect(new Set(await touched())).toEqual(new Set([1]));
    expect(Math.max(...steps)).toBeLessThanOrEqual(STEP_ROWS);
    expect(await progress()).toMatchObject([{ name: "numbering", rows: 2_500, finished: true }]);
    expect(lines.map(({ msg }) => msg)).toEqual(["backfill began", "backfill finished"]);
    expect(lines.at(-1)).toMatchObject({ backfill: "numbering", rows: 2_500 });
  });

  test("that it began is said once, also where there is nothing to do", async () => {
    await store.write("conversations").insert({ id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a" });
    await fillNumbers(store, 0);
    await run([numbering()]);
    expect(lines.map(({ msg }) => msg)).toEqual(["backfill began", "backfill finished"]);
  });

  test("a finished one is never begun again", async () => {
    await fillNumbers(store, 10);
    await run([numbering()]);
    await run([numbering()]);
    expect(await touched()).toEqual(Array(10).fill(1));
    expect(lines).toHaveLength(2);
  });

  test("what workers of an older version write behind it is found by a second walk, an hour later", async () => {
    await store.write("conversations").insert({ id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a" });
    await fillNumbers(store, 1_500);
    let time = 1_000_000;
    const timing = { ...QUICK, againMs: 3_600_000 };
    const first = run([numbering()], { timing, now: () => time });
    await until(async () => (await progress())[0]?.walk === 2, { what: "the first walk ended" });
    stopping.abort();
    await first;
    expect(await progress()).toMatchObject([{ position: null, finished: false, notBefore: 4_600_000 }]);

    await fillNumbers(store, 1, { from: -1 });
    time = 4_600_000;
    stopping = new AbortController();
    await run([numbering()], { timing, now: () => time });
    expect(await touched()).toEqual(Array(1_501).fill(1));
    expect(await progress()).toMatchObject([{ rows: 3_001, finished: true }]);
  });

  test("a stop lets the step in hand end, and the next worker goes on from there", async () => {
    await fillNumbers(store, 2_500);
    const backfill = numbering();
    const first = run([
      {
        ...backfill,
        step: (connection, where) => {
          stopping.abort();
          return backfill.step(connection, where);
        },
      },
    ]);
    await first;
    expect(await progress()).toMatchObject([{ rows: STEP_ROWS, finished: false }]);

    stopping = new AbortController();
    const seen: Array<string | null> = [];
    await run([
      {
        ...backfill,
        step: (connection, where) => {
          seen.push(where.after);
          return backfill.step(connection, where);
        },
      },
    ]);
    expect(seen[0]).toBe(String(STEP_ROWS - 1));
    expect(await touched()).toEqual(Array(2_500).fill(1));
  });

  test("several workers share it without doing a row twice, and one carries on when another is gone", async () => {
    await fillNumbers(store, 4_000);
    const stores = [store, ...Array.from({ length: 2 }, () => openStore(url))];
    try {
      await Promise.all(stores.map((of) => run([numbering()], { of })));
    } finally {
      await Promise.all(stores.slice(1).map((of) => of.close()));
    }
    expect(await touched()).toEqual(Array(4_000).fill(1));
    expect((await progress())[0]).toMatchObject({ rows: 4_000, finished: true });
    expect(lines.filter(({ level }) => level > 30)).toEqual([]);
  });

  test("a worker that is killed in the middle of a step has done the whole of it or nothing", async () => {
    await fillNumbers(store, 2_500);
    const child = spawn(process.execPath, [WORKER, url], { stdio: ["ignore", "pipe", "inherit"] });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGKILL");
    await gone;
    await run([numbering()]);
    expect(await touched()).toEqual(Array(2_500).fill(1));
  });

  test("one that fails is tried again, and stands in the way of no other", async () => {
    await fillNumbers(store, 10);
    let failures = 0;
    const failing: Backfill = {
      name: "failing",
      step: async (connection) => {
        await connection.knex("numbers").update({ times: 100 });
        failures += 1;
        if (failures < 3) throw new TypeError("cannot read properties of undefined");
        return { next: null, rows: 0 };
      },
    };
    await run([failing, numbering()]);
    expect(failures).toBe(3);
    // What a failed step wrote is undone; the third try, the last step of all, stands.
    expect(await touched()).toEqual(Array(10).fill(100));
    expect(lines.filter(({ level }) => level === 50)).toHaveLength(2);
    expect(await progress()).toMatchObject([{ finished: true }, { finished: true }]);
  });

  test("one that does not move on is a fault, not a loop", async () => {
    const stuck: Backfill = { name: "stuck", step: () => Promise.resolve({ next: "here", rows: 0 }) };
    const running = run([stuck]);
    await until(() => lines.some(({ level }) => level === 50), { what: "the fault is logged" });
    stopping.abort();
    await running;
    expect((await progress())[0]).toMatchObject({ position: "here", finished: false });
  });

  test("between its steps others write", async () => {
    await fillNumbers(store, 10_000);
    const running = run([numbering()]);
    let writes = 0;
    const writeUntilFinished = async (): Promise<boolean> => {
      writes += await store.write("numbers").where({ id: 0 }).update({ others: writes });
      return (await progress())[0]?.finished === true;
    };
    await until(writeUntilFinished, { what: "the backfill is finished", everyMs: 1 });
    await running;
    expect(writes).toBeGreaterThan(10);
    expect(await touched()).toEqual(Array(10_000).fill(1));
  });
});
