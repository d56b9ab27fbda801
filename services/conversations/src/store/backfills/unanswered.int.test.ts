import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Change } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import { until } from "../../../../../test/support/until.ts";
import type { Store } from "../connect.ts";
import { apply, columnFaults, holdingsOf, migratedStore, storyOf } from "../testing/fixture.ts";
import { failedAnswers } from "./failed-answers.ts";
import { latePlaces } from "./late-places.ts";
import { runBackfills } from "./run.ts";
import { readProgress } from "./table.ts";
import { vocabulary } from "./vocabulary.ts";
import { unanswered } from "./unanswered.ts";

const AGED = {
  waiting_since: null,
  last_sent_at: null,
  last_sent_receipt: null,
  last_received_receipt: null,
};

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ store, remove } = await migratedStore(create));
  });
  afterEach(() => remove());

  /** Makes conversations what the version before would have left. */
  async function age(...ids: string[]): Promise<void> {
    await store.write("conversations").whereIn("id", ids).update(AGED);
    await store.write("unapplied_events").whereIn("conversation_id", ids).update({ late_place: null });
  }
  const run = ({ againMs = 0, now = Date.now, backfills = [latePlaces, unanswered] } = {}) =>
    runBackfills({
      store,
      backfills: backfills.map((one) => one({ now })),
      log: pino({ level: "silent" }),
      signal: new AbortController().signal,
      now,
      timing: { againMs, watchMs: 50, restMs: 50 },
    });
  const faults = async (...ids: string[]): Promise<string[]> => columnFaults(await holdingsOf(store, ids));
  const versionOf = async (id: string): Promise<number | undefined> =>
    (await holdingsOf(store, [id])).rows.get(id)?.version;

  test("an old store is told who waits, in open conversations and for what came after the close", async () => {
    const [asked, answered, late, right] = [storyOf(), storyOf(), storyOf(), storyOf()];
    await apply(store, asked.created(1), asked.message(2, { direction: "SENT" }), asked.message(3));
    await apply(store, answered.created(1), answered.message(2), answered.message(3, { direction: "SENT" }));
    await apply(
      store,
      late.created(1),
      late.closed(2),
      late.message(3),
      late.message(4, { direction: "SENT" }),
    );
    await apply(store, right.created(1), right.message(2));
    const waited = storyOf();
    await apply(store, waited.message(1));
    const ids = [asked.id, answered.id, late.id];
    await age(...ids);
    expect(await faults(...ids)).not.toEqual([]);

    await run();
    expect(await faults(...ids, right.id)).toEqual([]);
    expect(await versionOf(right.id)).toBe(1);
    const rows = await store.read<{ frames: string }>("outbox").orderBy("id");
    const frames = rows
      .flatMap((row) => row.frames.split("\n"))
      .flatMap((entry) => JSON.parse(entry) as Change[]);
    const told = frames.findLast(
      (frame) => frame.event === "conversation" && frame.conversation.id === late.id,
    );
    expect(told).toMatchObject({ conversation: { waiting_since: late.at(10) } });
  });

  test("an old store is told who waits since an answer did not reach the phone", async () => {
    const [failed, arrived] = [storyOf(), storyOf()];
    for (const { created, message, status } of [failed, arrived]) {
      const answer = message(3, { direction: "SENT" });
      const of = { of: answer, is: "FAILED" as const };
      await apply(store, created(1), message(2), answer, status(4, of), status(5, { ...of, is: "SENT" }));
      if (created === arrived.created) await apply(store, status(6, { of: answer }));
    }
    const answered = { last_sent_at: failed.at(10), last_sent_receipt: failed.under(3), waiting_since: null };
    await store.write("conversations").where({ id: failed.id }).update(answered);
    expect(await faults(failed.id)).not.toEqual([]);
    await run({ backfills: [failedAnswers] });
    expect(await faults(failed.id, arrived.id)).toEqual([]);
    expect(await versionOf(arrived.id)).toBe(2);
  });

  test("what a worker of the version before writes between the walks is found by the second", async () => {
    const [before, between] = [storyOf(), storyOf()];
    await apply(store, before.created(1), before.message(2), between.created(1), between.closed(2));
    await age(before.id);
    let clock = 0;
    const walking = run({ againMs: 500, now: () => clock });
    await until(
      async () =>
        (await readProgress(store)).filter(({ name, walk }) => name !== vocabulary.name && walk === 2)
          .length === 2,
      {
        what: "both first walks are over",
      },
    );
    expect(await faults(before.id)).toEqual([]);
    await apply(store, between.message(3), before.message(4, { direction: "SENT" }));
    await age(between.id, before.id);
    clock = 1_000;
    await walking;
    expect(await faults(before.id, between.id)).toEqual([]);
  });

  test("in whatever order the two are walked, as with two workers, nobody is missed", async () => {
    const { id, created, closed, message } = storyOf();
    await apply(store, created(1), closed(2), message(3));
    await age(id);
    await run({ backfills: [unanswered, latePlaces] });
    expect(await faults(id)).toEqual([]);
  });

  test("two thousand conversations follow in steps, a worker beside them, and a second walk changes nothing", async () => {
    const stories = Array.from({ length: 2_000 }, () => storyOf());
    for (let at = 0; at < stories.length; at += 250) {
      const events = stories
        .slice(at, at + 250)
        .flatMap(({ created, message, closed }, n) => [
          created(1),
          message(2),
          ...(n % 2 === 0 ? [message(3, { direction: "SENT" })] : []),
          ...(n % 5 === 0 ? [closed(4), message(5)] : []),
        ]);
      await apply(store, ...events);
    }
    const ids = stories.map(({ id }) => id);
    await age(...ids);
    const walking = run();
    for (const story of stories.slice(0, 40)) {
      await apply(store, story.message(6, { messageId: randomUUID() }));
    }
    await walking;
    expect(await faults(...ids)).toEqual([]);
  });
});
