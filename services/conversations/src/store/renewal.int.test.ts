import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "./connect.ts";
import { isTransient } from "./faults.ts";
import { untilDone } from "./retry.ts";
import { query } from "./sql.ts";
import { apply, holdingsOf, migratedStore, storyOf } from "./testing/fixture.ts";

let store: Store;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ store, remove } = await migratedStore(postgresDatabase));
});
afterEach(() => remove());

const named = (sql: string) => ({ name: "renewal_test", sql, values: [] });
const backend = async (): Promise<number> => {
  const { rows } = await store.write.raw<{ rows: [{ pid: number }] }>("select pg_backend_pid() as pid");
  return rows[0].pid;
};

test("a connection that has forgotten its prepared statements is made anew, and what failed gets in", async () => {
  const { id, created, message } = storyOf();
  await untilDone(() => apply(store, created(1)));
  const before = await backend();
  await store.write.raw("deallocate all");
  const failed = await apply(store, message(2)).catch((error: unknown) => error);
  expect([(failed as { code?: string }).code, isTransient(failed)]).toEqual(["26000", true]);
  await apply(store, message(2));
  expect((await holdingsOf(store, [id])).applied.size).toBe(2);
  expect(await backend()).not.toBe(before);
});

test("a connection whose plans a migration has changed is made anew", async () => {
  const on = { dialect: store.dialect, knex: store.write };
  await store.write.raw("create table growing (a int)");
  await query(on, named("select * from growing"));
  await store.write.raw("alter table growing add column b int");
  const failed = await query(on, named("select * from growing")).catch((error: unknown) => error);
  expect([(failed as { code?: string }).code, isTransient(failed)]).toEqual(["0A000", true]);
  expect(await query(on, named("select * from growing"))).toEqual([]);
});

test("a connection that only reads any more is made anew", async () => {
  await store.write.raw("set default_transaction_read_only = on");
  const { created } = storyOf();
  const failed = await apply(store, created(1)).catch((error: unknown) => error);
  expect([(failed as { code?: string }).code, isTransient(failed)]).toEqual(["25006", true]);
  await apply(store, created(1));
});

test("a connection that met another fault is kept", async () => {
  const before = await backend();
  await expect(store.write.raw("select 1 / 0")).rejects.toThrow(/division/);
  expect(await backend()).toBe(before);
});
