import type { Knex } from "knex";
import { scramVerifier } from "./scram.ts";

/** A role of Postgres and the password by which it comes in. */
export type Login = { name: string; password: string };

/** By which logins each part may come in; `doctor`: `null` where nobody asks for it. */
export type Logins = { owner: Login[]; worker: Login[]; api: Login[]; doctor: Login[] | null };

const SECOND = "_second";

/**
 * A role has one password. So that a new one can be in force beside the old, each role may have a second login, which is
 * named after it, has its rights and makes what it makes as that role.
 */
export const roleOf = ({ name }: Login): string =>
  name.endsWith(SECOND) ? name.slice(0, -SECOND.length) : name;

/**
 * With the rights of whoever runs the server: makes the roles of the parts where they are missing, gives each login its
 * password, and the tables to the owner, whoever made them; a login that is not named any more is let in no more, and
 * connections of it that are open stay. What the other two may do with tables is the owner's to say, see grants.ts. All or
 * nothing; safe to repeat, and beside processes that still come in as somebody else.
 */
export async function prepareRoles(admin: Knex, { owner, worker, api, doctor }: Logins): Promise<void> {
  const readers = [worker, api, ...(doctor === null ? [] : [doctor])];
  const names = [owner, ...readers].map(roleOfAll);
  const [ownerName = "", ...readerNames] = names;
  await admin.transaction(async (knex) => {
    // Two of these at once would each find a role missing.
    await knex.raw("select pg_advisory_xact_lock(4616192)");
    // Whoever reads a table for long keeps the others from it only this long; then all is tried again.
    await knex.raw("set local lock_timeout = '3s'");
    for (const logins of [owner, ...readers]) await prepareLogins(knex, logins);
    const [here] = await rowsOf<{ database: string; superuser: boolean }>(
      knex,
      "select current_database() as database, rolsuper as superuser from pg_roles where rolname = current_user",
    );
    if (here?.superuser !== true) await knex.raw("grant ?? to current_user", [ownerName]);
    await knex.raw("revoke create, temporary on database ?? from public", [here?.database ?? ""]);
    await knex.raw("revoke create on schema public from public");
    await knex.raw("grant usage, create on schema public to ??", [ownerName]);
    for (const name of readerNames) await knex.raw("grant usage on schema public to ??", [name]);
    // Sequences of columns, and indexes, go with their table.
    const others = await rowsOf<{ relname: string }>(
      knex,
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
        and relowner <> (select oid from pg_roles where rolname = ?)`,
      [ownerName],
    );
    for (const { relname } of others)
      await knex.raw("alter table public.?? owner to ??", [relname, ownerName]);
  });
}

/** Logins of one role. */
function roleOfAll(logins: readonly Login[]): string {
  const roles = new Set(logins.map(roleOf));
  const [role] = roles;
  if (role === undefined || roles.size > 1) throw new Error(`logins of one role: ${[...roles].join(", ")}`);
  return role;
}

async function prepareLogins(knex: Knex, logins: readonly Login[]): Promise<void> {
  const role = roleOfAll(logins);
  const second = `${role}${SECOND}`;
  for (const name of [role, second]) {
    const login = logins.findLast((one) => one.name === name);
    const isThere = (await rowsOf(knex, "select 1 from pg_roles where rolname = ?", [name])).length > 0;
    if (login === undefined) {
      if (isThere) await knex.raw("alter role ?? nologin password null", [name]);
      else if (name === role) await knex.raw("create role ?? nologin", [name]);
      continue;
    }
    if (!isThere) await knex.raw("create role ?? login", [name]);
    await knex.raw(`alter role ?? login password '${scramVerifier(login.password)}'`, [name]);
    if (name === role) continue;
    await knex.raw("grant ?? to ??", [role, name]);
    await knex.raw("alter role ?? set role = ??", [name, role]);
  }
}

async function rowsOf<Row>(knex: Knex, sql: string, values: string[] = []): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(sql, values);
  return rows;
}
