import { randomBytes, randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStore } from "../doctor/read-store.ts";
import { addAuditLine } from "./audit.ts";
import { createAdministration } from "../accounts/administration.ts";
import { postgresDatabase, type Database } from "../../../../test/support/databases.ts";
import { buildReceiptIndexes } from "./build-receipt-indexes.ts";
import { openStore, type Store } from "./connect.ts";
import { RIGHTS, grantRights } from "./grants.ts";
import { findByIdentity, tieIdentity } from "./identities.ts";
import { migrate } from "./migrate.ts";
import { deletePoisonMarks } from "./poison-marks.ts";
import { RECEIPT_INDEXES } from "./receipt-indexes.ts";
import { prepareRoles, type Login } from "./roles.ts";
import {
  addSecondStep,
  beginFactor,
  confirmFactor,
  deleteOldSecondSteps,
  findSecondStep,
  takeSecondStep,
} from "./second-factors.ts";
import { addFlow, deleteOldFlows, takeFlow } from "./sign-in-flows.ts";
import { apply, settleAll, storyOf, told } from "./testing/fixture.ts";
import { writeProbe } from "./write-probe.ts";

/* An installation from before there were roles: tables of the superuser, with a conversation in them. */

const log = pino({ level: "silent" });
const one = storyOf();
let database: Database;
let stores: Record<"admin" | "owner" | "worker" | "api" | "doctor", Store>;

// Roles belong to the whole server, which other suites share.
const suffix = randomBytes(6).toString("hex");
const login = (part: string) => ({ name: `fio_${part}_${suffix}`, password: `it's ${part}'s` });
const logins = { owner: login("owner"), worker: login("worker"), api: login("api"), doctor: login("doctor") };
const each = {
  ...{ owner: [logins.owner], worker: [logins.worker] },
  ...{ api: [logins.api], doctor: [logins.doctor] },
};
const roles = { worker: logins.worker.name, api: logins.api.name, doctor: logins.doctor.name };

const urlAs = ({ name, password }: Login): string => {
  const url = new URL(database.url);
  Object.assign(url, { username: encodeURIComponent(name), password: encodeURIComponent(password) });
  return url.href;
};

beforeAll(async () => {
  database = await postgresDatabase();
  const openAs = (login: Login): Store => openStore(urlAs(login));
  const admin = openStore(database.url);
  await migrate(admin);
  await apply(admin, one.created(1), one.message(2));
  // Safe to repeat, and by two at once.
  await Promise.all([prepareRoles(admin.write, each), prepareRoles(admin.write, each)]);
  stores = {
    ...{ admin, owner: openAs(logins.owner) },
    ...{ worker: openAs(logins.worker), api: openAs(logins.api), doctor: openAs(logins.doctor) },
  };
  await migrate(stores.owner);
  await grantRights(stores.owner, roles);
  await grantRights(stores.owner, roles);
});
afterAll(async () => {
  await Promise.all([stores.owner.close(), stores.worker.close(), stores.api.close(), stores.doctor.close()]);
  for (const { name } of Object.values(logins)) {
    await stores.admin.write.raw("drop owned by ?? cascade", [name]);
    await stores.admin.write.raw("drop role ??", [name]);
  }
  await stores.admin.close();
  await database.remove();
});

test("what was there is the owner's, and each part goes on with it", async () => {
  const applied = await apply(
    stores.worker,
    one.message(3),
    one.closed(4),
    one.message(5),
    one.resolved(6, 5),
  );
  expect(told(applied, one.message(3), one.closed(4), one.message(5))).toEqual([
    "applied",
    "applied",
    "CONVERSATION_CLOSED",
  ]);
  await settleAll(stores.worker, [one.id]);
  await writeProbe(stores.worker, 1);
  await expect(stores.api.read("messages").where({ conversation_id: one.id })).resolves.toHaveLength(2);
  await deletePoisonMarks(stores.api, [one.under(5)]);
  // Erasing, as the worker.
  await addAuditLine(stores.worker, { at: 1, action: "erase", conversation: one.id });
});

test("the read API sees to accounts, as admins ask it to, by these rights alone", async () => {
  const administration = createAdministration({
    store: stores.api,
    now: Date.now,
    write: (run) => run(),
    audit: (line) => addAuditLine(stores.api, { ...line, at: 1 }),
  });
  const added = await administration.add({ email: "ana@fio.example", name: "Ana", role: "agent" });
  if (added.kind !== "added") throw new Error(added.kind);
  // Who signs in by an issuer of identities.
  const flow = { flowHash: "of a flow", expiresAt: 2 };
  await deleteOldFlows(stores.api, 0);
  await addFlow(stores.api, flow);
  expect(await takeFlow(stores.api, { ...flow, now: 1 })).toBe(true);
  const identity = { issuer: "https://id.example", subject: "ana" };
  expect(await tieIdentity(stores.api, { ...identity, accountId: added.account.id, now: 1 })).toBe(true);
  expect(await findByIdentity(stores.api, identity)).toMatchObject({ email: "ana@fio.example" });
  // Who has a second factor.
  const accountId = added.account.id;
  const step = { stepHash: "of a step", accountId, now: 1 };
  expect(await beginFactor(stores.api, { accountId, secret: "A", now: 1 })).toBe(true);
  expect(await beginFactor(stores.api, { accountId, secret: "B", now: 1 })).toBe(true);
  const confirmed = { accountId, secret: "B", step: 1, codeHashes: ["of a code"], now: 1 };
  expect(await confirmFactor(stores.api, confirmed)).toBe(true);
  await addSecondStep(stores.api, { ...step, expiresAt: 2 });
  await deleteOldSecondSteps(stores.api, 0);
  expect(await findSecondStep(stores.api, step)).toBe(accountId);
  const pass = { kind: "recovery", codeHash: "of a code" } as const;
  expect(await takeSecondStep(stores.api, { ...step, pass })).toBe("taken");
  expect(await takeSecondStep(stores.api, { ...step, pass: { kind: "code", step: 2 } })).toBe("ended");
  for (const store of [stores.worker, stores.doctor]) {
    await expect(store.read("second_factors").select("secret")).rejects.toThrow("permission denied");
  }
  const outcomes = [];
  for (const change of ["take-off-second-factor", "end-sessions", "reset", "disable", "enable"] as const) {
    outcomes.push((await administration.change(added.account.id, change, { id: randomUUID() })).kind);
  }
  expect(outcomes).toEqual(Array.from({ length: 5 }, () => "changed"));
  expect(await findByIdentity(stores.api, identity)).toBeNull();
  expect(await administration.list()).toMatchObject([{ email: "ana@fio.example", state: "no_password" }]);
});

test("the doctor counts erasures that nobody has finished, and not those of this minute", async () => {
  const begun = (conversation_id: string, erased_at: number, finished_at: number | null = null) => ({
    ...{ conversation_id, erased_at, finished_at },
  });
  const ids = Array.from({ length: 3 }, () => randomUUID());
  const [late = "", done = "", young = ""] = ids;
  const rows = [begun(late, 1), begun(done, 1, 2), begun(young, Date.now())];
  await stores.worker.write("tombstones").insert(rows);
  await expect(readStore(urlAs(logins.doctor))).resolves.toMatchObject({ unfinishedErasures: 1 });
  await stores.owner.write("tombstones").whereIn("conversation_id", ids).delete();
});

test("a password is changed by a second login of the role, which is then the only one", async () => {
  const { worker } = logins;
  const second = { name: `${worker.name}_second`, password: "the new one of the worker" };
  const comesIn = async (login: Login): Promise<boolean> => {
    const store = openStore(urlAs(login));
    const { rows } = await store.read.raw<{ rows: Array<{ name: string }> }>(
      "select current_user as name from conversations where id = ?",
      [one.id],
    );
    await store.close();
    return rows[0]?.name === worker.name;
  };
  const mayLogIn = async (): Promise<boolean[]> => {
    const rows = await stores.admin
      .read("pg_roles")
      .whereIn("rolname", [worker.name, second.name])
      .orderBy("rolname")
      .pluck<boolean[]>("rolcanlogin");
    return rows;
  };
  await prepareRoles(stores.admin.write, { ...each, worker: [worker, second] });
  expect([await comesIn(worker), await comesIn(second)]).toEqual([true, true]);
  await prepareRoles(stores.admin.write, { ...each, worker: [second] });
  expect(await mayLogIn()).toEqual([false, true]);
  await prepareRoles(stores.admin.write, { ...each, worker: [second, worker] });
  await prepareRoles(stores.admin.write, each);
  expect(await mayLogIn()).toEqual([true, false]);
  await stores.admin.write.raw("drop role ??", [second.name]);
});

test("nobody is more than their part", async () => {
  const names = Object.values(logins).map(({ name }) => name);
  const rows = await stores.admin.read("pg_roles").whereIn("rolname", names);
  expect(rows).toHaveLength(4);
  for (const row of rows) {
    expect(row).toMatchObject({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
    });
  }
  // A password is never sent, so no log of statements can hold it.
  const kept = await stores.admin.read("pg_authid").whereIn("rolname", names).pluck<string[]>("rolpassword");
  for (const password of kept) expect(password).toMatch(/^SCRAM-SHA-256\$4096:/);
});

test.each([
  ["api", "update messages set content = 'x'"],
  ["api", "insert into outbox (frames, claimed_at) values ('x', 0)"],
  ["api", "select * from outbox"],
  ["api", "update accounts set role = 'admin'"],
  ["api", "update accounts set email = 'x'"],
  ["api", "delete from accounts"],
  ["api", "update identities set subject = 'x'"],
  ["worker", "select * from identities"],
  ["api", "update audit_log set detail = 'x'"],
  ["api", "delete from audit_log"],
  ["api", "truncate audit_log"],
  ["worker", "update audit_log set detail = 'x'"],
  ["worker", "delete from audit_log"],
  ["worker", "select * from audit_log"],
  ["worker", "select * from accounts"],
  ["worker", "select * from sessions"],
  ["worker", "update schema_needs set needs = 'x'"],
  ["worker", "delete from knex_migrations"],
  ["worker", "truncate messages"],
  ["worker", "drop table messages"],
  ["worker", "alter table messages add column x text"],
  ["worker", "create table x (y text)"],
  ["worker", "create temporary table x (y text)"],
  ["api", "create table x (y text)"],
  ["worker", "select * from pg_authid"],
  ["worker", "copy messages to program 'true'"],
  ["doctor", "select id from messages"],
  ["doctor", "select event from unapplied_events"],
  ["doctor", "select frames from outbox"],
  ["doctor", "delete from unapplied_events"],
  ["doctor", "create table x (y text)"],
  ["owner", "copy messages to program 'true'"],
  ["owner", "create role x"],
] as const)("%s may not %s", async (part, statement) => {
  await expect(stores[part].write.raw(statement)).rejects.toMatchObject({ code: "42501" });
});

test("every table says what each part may do with it, and one that does not can be read by both", async () => {
  const tables = () =>
    stores.owner.read("pg_tables").where({ schemaname: "public" }).pluck<string[]>("tablename");
  expect((await tables()).toSorted()).toEqual(Object.keys(RIGHTS).toSorted());
  await stores.owner.write.schema.createTable("later", (table) => table.text("id"));
  await stores.worker.write("later").insert({ id: "x" });
  await expect(stores.api.read("later")).resolves.toEqual([{ id: "x" }]);
  await expect(stores.api.write("later").delete()).rejects.toMatchObject({ code: "42501" });
  await stores.owner.write.schema.dropTable("later");
});

test("a worker leaves the indexes of receipts to the owner, who builds them", async () => {
  const [{ name }] = RECEIPT_INDEXES;
  const found = () => stores.owner.read("pg_indexes").where({ indexname: name });
  await stores.owner.write.raw("drop index ??", [name]);
  const signal = AbortSignal.timeout(30_000);
  await buildReceiptIndexes({ store: stores.worker, log, signal });
  await expect(found()).resolves.toHaveLength(0);
  await buildReceiptIndexes({ store: stores.owner, log, signal });
  await expect(found()).resolves.toHaveLength(1);
});
