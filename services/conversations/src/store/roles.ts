import type { Knex } from "knex";
import { scramVerifier } from "./scram.ts";

/** A role of Postgres and the password by which it comes in. */
export type Login = { name: string; password: string };

/** `doctor`: `null` where nobody asks for it. */
export type Logins = { owner: Login; worker: Login; api: Login; doctor: Login | null };

/**
 * With the rights of whoever runs the server: makes the roles of the parts where they are missing, gives each its
 * password, and the tables to the owner, whoever made them. What the other two may do with tables is the owner's to say,
 * see grants.ts. All or nothing; safe to repeat, and beside processes that still come in as somebody else.
 */
export async function prepareRoles(admin: Knex, { owner, worker, api, doctor }: Logins): Promise<void> {
  const readers = [worker, api, ...(doctor === null ? [] : [doctor])];
  await admin.transaction(async (knex) => {
    // Two of these at once would each find a role missing.
    await knex.raw("select pg_advisory_xact_lock(4616192)");
    // Whoever reads a table for long keeps the others from it only this long; then all is tried again.
    await knex.raw("set local lock_timeout = '3s'");
    for (const { name, password } of [owner, ...readers]) {
      const found = await rowsOf(knex, "select 1 from pg_roles where rolname = ?", [name]);
      if (found.length === 0) await knex.raw("create role ?? login", [name]);
      await knex.raw(`alter role ?? login password '${scramVerifier(password)}'`, [name]);
    }
    const [here] = await rowsOf<{ database: string; superuser: boolean }>(
      knex,
      "select current_database() as database, rolsuper as superuser from pg_roles where rolname = current_user",
    );
    if (here?.superuser !== true) await knex.raw("grant ?? to current_user", [owner.name]);
    await knex.raw("revoke create, temporary on database ?? from public", [here?.database ?? ""]);
    await knex.raw("revoke create on schema public from public");
    await knex.raw("grant usage, create on schema public to ??", [owner.name]);
    for (const { name } of readers) await knex.raw("grant usage on schema public to ??", [name]);
    // Sequences of columns, and indexes, go with their table.
    const others = await rowsOf<{ relname: string }>(
      knex,
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
        and relowner <> (select oid from pg_roles where rolname = ?)`,
      [owner.name],
    );
    for (const { relname } of others)
      await knex.raw("alter table public.?? owner to ??", [relname, owner.name]);
  });
}

async function rowsOf<Row>(knex: Knex, sql: string, values: string[] = []): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(sql, values);
  return rows;
}
