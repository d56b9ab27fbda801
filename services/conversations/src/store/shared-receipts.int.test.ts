import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptOf, type AcceptedEvent, type Receipt } from "@fio/contracts";
import { createLog } from "@fio/service/log";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { keepDisplaced, keepInternalError } from "./apply.ts";
import { buildReceiptIndexes } from "./build-receipt-indexes.ts";
import type { Store } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { migrationSource } from "./migrations/index.ts";
import { RECEIPT_INDEXES } from "./receipt-indexes.ts";
import { SIDE_WRITES, apply, holdingsOf, migratedStore, storyOf, told } from "./testing/fixture.ts";

const log = createLog({ service: "conversations", level: "silent" });
let fresh = 1_700_000_000_000_000;
const freshReceipt = (): Receipt => receiptOf((fresh += 1));

forEachDatabase(({ kind, create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const keep = (accepted: AcceptedEvent) =>
    keepDisplaced(store, { ...SIDE_WRITES, accepted, receipt: freshReceipt() });
  const appliedOf = async (id: string) => [...(await holdingsOf(store, [id])).applied.keys()].toSorted();
  const keptOf = async (id: string) => [...(await holdingsOf(store, [id])).unapplied.entries()];

  /** Two conversations that exist, and in each of them an event under one receipt. */
  const pairs: Array<[string, () => Promise<[AcceptedEvent, AcceptedEvent, string]>]> = [];
  const pair = (
    name: string,
    make: (
      one: ReturnType<typeof storyOf>,
      other: ReturnType<typeof storyOf>,
    ) => [AcceptedEvent, AcceptedEvent],
    { exists = true } = {},
  ): void => {
    pairs.push([
      name,
      async () => {
        const [one, other] = [storyOf(), storyOf()];
        if (exists) await apply(store, one.created(1), other.created(1));
        return [...make(one, other), other.id];
      },
    ]);
  };
  pair("a message against a message", (one, other) => {
    const first = one.message(5);
    return [first, { ...other.message(5), receipt: first.receipt }];
  });
  pair("a message against a close", (one, other) => {
    const first = one.closed(5);
    return [first, { ...other.message(5), receipt: first.receipt }];
  });
  pair("a close against a message", (one, other) => {
    const first = one.message(5);
    return [first, { ...other.closed(5), receipt: first.receipt }];
  });
  pair(
    "a message against a creation",
    (one, other) => {
      const first = one.created(5);
      return [first, { ...other.message(5), receipt: first.receipt }];
    },
    { exists: false },
  );
  pair(
    "a creation against a message that waits",
    (one, other) => {
      const first = one.message(5);
      return [first, { ...other.created(5), receipt: first.receipt }];
    },
    { exists: false },
  );
  pair("a message against another of its own conversation", (_, other) => {
    const first = other.message(5);
    return [first, { ...other.message(6), receipt: first.receipt }];
  });

  test.each(pairs)(
    "%s: the second is kept whole under a receipt of its own that names the given one",
    async (_, make) => {
      const [first, second, id] = await make();
      await apply(store, first);
      const before = await appliedOf(id);
      const applied = await apply(store, second);
      expect(applied.displaced).toEqual([second]);
      const kept = await keep(second);
      expect(told(kept, second)).toEqual(["INTERNAL_ERROR"]);
      const [[receipt, row]] = (await keptOf(id)).filter(
        ([, { reason }]) => reason === "INTERNAL_ERROR",
      ) as unknown as [[Receipt, { event: string; detail: string }]];
      expect(receipt).not.toBe(second.receipt);
      expect(row.detail).toContain(second.receipt);
      expect(JSON.parse(row.event)).toEqual(second.event);
      expect(await appliedOf(id)).toEqual(before);

      // Done again, as after a crash: the first is found under its receipt, the second is not kept twice.
      expect((await apply(store, first)).displaced).toEqual([]);
      expect((await apply(store, second)).displaced).toEqual([second]);
      await keep(second);
      expect((await keptOf(id)).filter(([, { reason }]) => reason === "INTERNAL_ERROR")).toHaveLength(1);

      // Replayed under the receipt that it has now it gets in, or is told why not, like any other.
      const again = { ...second, receipt };
      const replayed = await apply(store, again);
      expect(replayed.displaced).toEqual([]);
      expect(told(replayed, again)[0]).not.toBe("nothing");
      expect((await keptOf(id)).filter(([, { reason }]) => reason === "INTERNAL_ERROR")).toEqual([]);
    },
  );

  test.each(pairs)("%s, in one batch: the first one has it", async (_, make) => {
    const [first, second] = await make();
    const applied = await apply(store, first, second);
    expect(applied.displaced).toEqual([second]);
    expect(told(applied, first)).not.toEqual(["nothing"]);
  });

  test("two transactions at once with two events under one receipt: one of them has it, neither is lost", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = [storyOf(), storyOf()];
      await apply(store, one.created(1), other.created(1));
      const first = one.message(5);
      const second = { ...other.message(5), receipt: first.receipt };
      const both = kind === "postgres" ? [apply(store, first), apply(store, second)] : [apply(store, first)];
      const displaced = (await Promise.all(both)).flatMap((applied) => applied.displaced);
      if (kind === "sqlite") displaced.push(...(await apply(store, second)).displaced);
      expect(displaced).toHaveLength(1);
    }
  });

  test("one that cannot be applied is no less displaced", async () => {
    const [one, other] = [storyOf(), storyOf()];
    const first = one.created(1);
    await apply(store, first);
    const second = { ...other.message(1), receipt: first.receipt };
    const kept = await keepInternalError(store, { ...SIDE_WRITES, accepted: second, detail: "a bug" });
    expect(kept.displaced).toEqual([second]);
    expect(await keptOf(other.id)).toEqual([]);
  });

  test("a store in which receipts were given twice migrates, and loses nothing", async () => {
    const old = await migratedStore(create);
    await old.store.write.migrate.down({
      name: "009-unique-receipts",
      migrationSource,
      disableMigrationsListValidation: true,
    });
    const [one, other] = [storyOf(), storyOf()];
    const rows = [one.message(5), one.message(6), other.message(5)].map(({ event }) => ({
      ...event.data,
      timestamp: event.timestamp,
      words: "ola",
    }));
    const receipts = [one.under(5), one.under(6), one.under(5)];
    // As the version before may have left them: SQLite's search index is by receipt, and would not have taken it.
    if (kind === "sqlite") receipts[2] = one.under(7);
    await old.store
      .write("messages")
      .insert(rows.map((row, index) => ({ ...row, receipt: receipts[index] })));
    await migrate(old.store);
    const found = await old.store
      .read("messages")
      .orderBy("receipt")
      .pluck<Array<string | number>>("receipt");
    expect(found.map(String)).toEqual([one.under(5), one.under(6), one.under(7)]);
    await expect(
      old.store
        .write("messages")
        .where({ id: rows[0]!["id" as never] })
        .update({ receipt: one.under(6) }),
    ).rejects.toThrow(/unique/i);
    await old.remove();
  });

  if (kind === "postgres") {
    test("a large table gets its index from a worker, beside writes, also where receipts were given twice or it was broken off", async () => {
      const large = await migratedStore(create);
      const { write } = large.store;
      for (const { name } of RECEIPT_INDEXES) await write.raw(`drop index ${name}`);
      const [one, other] = [storyOf(), storyOf()];
      await apply(large.store, one.created(1), other.created(2), one.message(5));
      // Without the index nobody looks: that is the version before.
      const same = { ...other.message(5), receipt: one.under(5) };
      expect((await apply(large.store, same)).displaced).toEqual([]);
      await expect(
        write.raw("create unique index concurrently messages_receipt_unique on messages (receipt)"),
      ).rejects.toThrow();
      const signal = AbortSignal.timeout(30_000);
      const build = () => buildReceiptIndexes({ store: large.store, log, signal, restMs: 50 });
      await Promise.all([build(), build()]);
      expect(signal.aborted).toBe(false);
      const receipts = await large.store.read("messages").orderBy("receipt").pluck<string[]>("receipt");
      expect(receipts).toEqual([one.under(5), one.under(6)]);
      const third = { ...other.message(7), receipt: one.under(5) };
      expect((await apply(large.store, third)).displaced).toEqual([third]);
      await large.remove();
    });
  }
});
