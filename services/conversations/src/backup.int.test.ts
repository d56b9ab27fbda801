import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { run } from "../../../scripts/lib/run.ts";
import { sqliteDatabase } from "../../../test/support/databases.ts";
import { openStore, type Store } from "./store/connect.ts";
import { untilDone } from "./store/retry.ts";
import {
  apply,
  columnFaults,
  holdingsOf,
  migratedStore,
  storyOf,
  type Holdings,
} from "./store/testing/fixture.ts";

let store: Store;
let url: string;
let remove: () => Promise<void>;
let directory: string;
beforeAll(async () => {
  ({ store, url, remove } = await migratedStore(sqliteDatabase));
  directory = await mkdtemp(join(tmpdir(), "fio-backup-"));
});
afterAll(async () => {
  await remove();
  await rm(directory, { recursive: true, force: true });
});

const backup = (file: string) =>
  run(process.execPath, [join(import.meta.dirname, "backup.ts"), file], {
    env: { PATH: process.env["PATH"], DATABASE_URL: url },
    limitMs: 60_000,
  });
const appliedIn = ({ applied }: Holdings): Set<Receipt> => new Set(applied.keys());

test("a backup under load holds a moment, is restored elsewhere, and catches up with what the queue gives again", async () => {
  const stories = Array.from({ length: 20 }, () => storyOf());
  const ids = stories.map(({ id }) => id);
  const history: AcceptedEvent[] = stories.map(({ created }) => created(0));
  await apply(store, ...history);
  const before = appliedIn(await holdingsOf(store, ids));

  const file = join(directory, "fio.db");
  const seen = { done: false };
  const copying = backup(file).finally(() => (seen.done = true));
  for (let turn = 1; !seen.done || turn < 20; turn += 1) {
    const batch = stories.map(({ message }) =>
      message(turn, { content: `Mensagem ${turn} ${"olá ".repeat(200)}` }),
    );
    history.push(...batch);
    await untilDone(() => apply(store, ...batch));
  }
  expect(await copying).toMatchObject({ code: 0 });

  const restored = openStore(`sqlite:${file}`);
  try {
    expect(await restored.read.raw("pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const [copy, all] = [await holdingsOf(restored, ids), await holdingsOf(store, ids)];
    expect(columnFaults(copy)).toEqual([]);
    for (const receipt of before) expect(copy.applied.has(receipt)).toBe(true);
    // A moment: of each batch everything or nothing.
    const counts = new Set(ids.map((id) => copy.rows.get(id)?.message_count));
    expect(counts.size).toBe(1);
    for (const [receipt, event] of copy.applied) expect(all.applied.get(receipt)).toEqual(event);

    for (let from = 0; from < history.length; from += 500)
      await apply(restored, ...history.slice(from, from + 500));
    expect(await holdingsOf(restored, ids)).toMatchObject({ applied: all.applied, unapplied: all.unapplied });
  } finally {
    await restored.close();
  }
  expect(await backup(file)).toMatchObject({ code: 1, output: `${file} is there already\n` });
}, 120_000);
