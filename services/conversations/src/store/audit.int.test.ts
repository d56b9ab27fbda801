import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditAction, AuditEntry } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { addAccount } from "./accounts.ts";
import { addAuditLine, listAudit } from "./audit.ts";
import type { Store } from "./connect.ts";
import { migratedStore } from "./testing/fixture.ts";
import { statementsOf, stepsOf } from "./testing/statements.ts";

const LINES = 6_000;
/**
 * Somebody who did half of all there is, before anybody else did anything. Near the lowest ids Postgres takes that for some
 * sixty lines, which it would rather collect and sort.
 */
const EARLY = "05000000-0000-4000-8000-000000000000";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    const lines = Array.from({ length: LINES }, (_, at) => ({
      ...{
        id: randomUUID(),
        at: at * 1_000,
        // Some were erased long ago, all by one.
        action: at < 10 ? "erase" : "close",
        actor_id: at < LINES / 2 ? EARLY : randomUUID(),
      },
    }));
    await store.write.batchInsert("audit_log", lines, 100);
    await store.write.raw("analyze");
  });
  afterAll(() => remove());

  const timesOf = (entries: readonly AuditEntry[]): number[] => entries.map(({ at }) => Date.parse(at));

  test("it is read newest first, page by page, between two times", async () => {
    const first = await listAudit(store.read, { limit: 3, from: 100_000, to: 105_000 });
    expect(timesOf(first.items)).toEqual([104, 103, 102]);
    const rest = await listAudit(store.read, {
      ...{ limit: 3, from: 100_000, to: 105_000 },
      after: first.next ?? undefined,
    });
    expect([timesOf(rest.items), rest.next]).toEqual([[101, 100], null]);
  });

  test("of a person it tells what they did and what was done to their account, with names as they are", async () => {
    const [ana, bia] = await Promise.all(
      ["Ana", "Bia"].map((name) =>
        addAccount(store, { email: `${name}@fio.example`, name, role: "agent", now: 0 }),
      ),
    );
    const [hers, theirs] = [ana?.id ?? "", bia?.id ?? ""];
    const conversation = randomUUID();
    await addAuditLine(store, { at: 1_000_000_001, action: "close", actor: hers, conversation });
    await addAuditLine(store, {
      at: 1_000_000_002,
      action: "account_disabled",
      actor: theirs,
      account: hers,
    });
    await addAuditLine(store, {
      at: 1_000_000_003,
      action: "sign_in_failed",
      account: theirs,
      detail: "::1",
    });
    const told = async (person: string) =>
      (await listAudit(store.read, { person, limit: 10 })).items.map(({ action }) => action);
    expect(await told(hers)).toEqual(["account_disabled", "close"]);
    expect(await told(theirs)).toEqual(["sign_in_failed", "account_disabled"]);
    expect((await listAudit(store.read, { limit: 3 })).items).toMatchObject([
      { actor: null, account: { name: "Bia" }, detail: "::1" },
      { actor: { name: "Bia" }, account: { name: "Ana" } },
      { actor: { name: "Ana" }, account: null, conversation_id: conversation },
    ]);
  });

  test("of what was done it tells one kind, everyone's or a person's, page by page", async () => {
    const [cai, dora] = [randomUUID(), randomUUID()];
    const lines = [
      { actor: cai, action: "close" },
      { actor: dora, action: "replay" },
      { actor: cai, action: "replay" },
      { actor: dora, action: "sessions_ended", account: cai },
      { actor: cai, action: "replay" },
    ] as const;
    for (const [index, line] of lines.entries())
      await addAuditLine(store, { at: 2_000_000_000 + index * 1_000, ...line });
    const first = await listAudit(store.read, { action: "replay", limit: 2 });
    expect(timesOf(first.items)).toEqual([2_000_004, 2_000_002]);
    const rest = await listAudit(store.read, { action: "replay", limit: 2, after: first.next ?? undefined });
    expect([timesOf(rest.items), rest.next]).toEqual([[2_000_001], null]);
    const told = async (person: string, action: AuditAction) =>
      timesOf((await listAudit(store.read, { person, action, limit: 10, from: 2_000_001_000 })).items);
    expect(await told(cai, "replay")).toEqual([2_000_004, 2_000_002]);
    expect(await told(cai, "sessions_ended")).toEqual([2_000_003]);
    expect(await told(dora, "close")).toEqual([]);
  });

  test.each<[string, { person?: string; action?: AuditAction; from?: number; to?: number }]>([
    ["everyone's", {}],
    ["what was done long ago", { action: "erase" }],
    ["what was never done", { action: "retry" }],
    ["what most did, of an old time", { action: "close", from: 10_000, to: 3_000_000 }],
    ["what was done long ago, by one who did much,", { action: "erase", person: EARLY }],
    ["what one never did who did much", { action: "retry", person: EARLY }],
    ["that of somebody who did much long ago", { person: EARLY }],
    ["that of nobody", { person: randomUUID() }],
    ["an old time's", { from: 10_000, to: 3_000_000 }],
  ])("%s is read from an index, however much there is", async (_whose, filter) => {
    const asked = await statementsOf([store.read], () => listAudit(store.read, { limit: 50, ...filter }));
    const query = asked.find(({ sql }) => sql.includes("audit_log"));
    if (query === undefined) throw new Error("nothing was asked");
    if (store.dialect === "sqlite") {
      const steps = await store.read.raw<Array<{ detail: string }>>(
        `explain query plan ${query.sql}`,
        query.bindings,
      );
      const details = steps.map(({ detail }) => detail).filter((detail) => detail.includes("audit_log"));
      expect(details.length).toBeGreaterThan(0);
      for (const detail of details) {
        expect(detail).toMatch(/^SEARCH audit_log USING (COVERING )?INDEX/);
        if ("action" in filter) expect(detail).toMatch(/INDEX audit_log_(\w+_)?action /);
      }
      return;
    }
    const steps = await stepsOf(store.read, query);
    const reads = steps.filter((node) => node["Relation Name"] === "audit_log");
    expect(reads.length).toBeGreaterThan(0);
    for (const node of reads) {
      expect(node["Node Type"]).toMatch(/Index/);
      expect(node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)).toBeLessThanOrEqual(51);
    }
  });
});
