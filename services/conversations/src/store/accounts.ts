import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { Account, AccountRole } from "@fio/contracts";
import type { Store } from "./connect.ts";

export type StoredAccount = Account & {
  password_hash: string | null;
  created_at: number;
  disabled_at: number | null;
};
export type ListedAccount = StoredAccount & { hasSecondFactor: boolean };
type Row = Omit<StoredAccount, "created_at" | "disabled_at"> & {
  created_at: number | string;
  disabled_at: number | string | null;
};

// Postgres gives a bigint as text.
const fromRow = ({ created_at, disabled_at, ...row }: Row): StoredAccount => ({
  ...row,
  created_at: Number(created_at),
  disabled_at: disabled_at === null ? null : Number(disabled_at),
});

/** Without a password. `null`: the address has an account. */
export async function addAccount(
  { write }: Store,
  { email, name, role, now }: { email: string; name: string; role: AccountRole; now: number },
): Promise<Account | null> {
  const added = { id: randomUUID(), email, name, role };
  const rows = await write("accounts")
    .insert({ ...added, created_at: now })
    .onConflict("email")
    .ignore()
    .returning<Array<{ id: string }>>("id");
  return rows.length === 0 ? null : added;
}

export async function findAccount({ read }: Store, email: string): Promise<StoredAccount | null> {
  const row = await read("accounts").where({ email }).first<Row | undefined>();
  return row === undefined ? null : fromRow(row);
}

export async function findAccountById({ read }: Store, id: string): Promise<StoredAccount | null> {
  const row = await read("accounts").where({ id }).first<Row | undefined>();
  return row === undefined ? null : fromRow(row);
}

export async function listAccounts({ read }: Store): Promise<ListedAccount[]> {
  const rows = await read("accounts")
    .leftJoin("second_factors", "second_factors.account_id", "accounts.id")
    .orderBy("email")
    .select<Array<Row & { confirmed_at: number | string | null }>>("accounts.*", "confirmed_at");
  return rows.map(({ confirmed_at, ...row }) => ({
    ...fromRow(row),
    hasSecondFactor: confirmed_at !== null,
  }));
}

/** Ends the account's sessions and links too; `false`: there is no such account. */
export function disableAccount(
  { write }: Store,
  { email, now }: { email: string; now: number },
): Promise<boolean> {
  return write.transaction(async (knex) => {
    const [row] = await knex("accounts")
      .where({ email })
      .update({ disabled_at: knex.raw("coalesce(disabled_at, ?)", [now]) })
      .returning<Array<{ id: string }>>("id");
    if (row === undefined) return false;
    await endAll(knex, row.id);
    return true;
  });
}

/** Of an account: nobody is signed in by it any more, and no link that was given works. */
async function endAll(knex: Knex, accountId: string): Promise<void> {
  await knex("sessions").where({ account_id: accountId }).delete();
  await knex("sign_in_links").where({ account_id: accountId }).delete();
  // Of a password that may be another one by now.
  await knex("second_steps").where({ account_id: accountId }).delete();
}

/** Of an account that stays: `false`, there is none. */
export function endSessions({ write }: Store, email: string): Promise<boolean> {
  return write.transaction(async (knex) => {
    // The first statement writes.
    const [row] = await knex("accounts")
      .where({ email })
      .update({ disabled_at: knex.ref("disabled_at") })
      .returning<Array<{ id: string }>>("id");
    if (row === undefined) return false;
    await knex("sessions").where({ account_id: row.id }).delete();
    await knex("second_steps").where({ account_id: row.id }).delete();
    return true;
  });
}

export async function enableAccount({ write }: Store, email: string): Promise<boolean> {
  return (await write("accounts").where({ email }).update({ disabled_at: null })) > 0;
}

/** Takes the password, all sessions and all identities away; the account's earlier links no longer count. */
export function replaceLink(
  { write }: Store,
  { email, keyHash, expiresAt }: { email: string; keyHash: string; expiresAt: number },
): Promise<boolean> {
  return write.transaction(async (knex) => {
    const [row] = await knex("accounts")
      .where({ email })
      .whereNull("disabled_at")
      .update({ password_hash: null })
      .returning<Array<{ id: string }>>("id");
    if (row === undefined) return false;
    await endAll(knex, row.id);
    await knex("identities").where({ account_id: row.id }).delete();
    await knex("sign_in_links").insert({ key_hash: keyHash, account_id: row.id, expires_at: expiresAt });
    return true;
  });
}

/** Unless it was changed or taken away since `was` was read; ends the account's sessions. */
export function changePassword(
  { write }: Store,
  { id, was, passwordHash }: { id: string; was: string; passwordHash: string },
): Promise<boolean> {
  return write.transaction(async (knex) => {
    const changed = await knex("accounts")
      .where({ id, password_hash: was })
      .whereNull("disabled_at")
      .update({ password_hash: passwordHash });
    if (changed === 0) return false;
    await endAll(knex, id);
    return true;
  });
}

/** Whose link it is, while it can be used. */
export async function readLink(
  { read }: Store,
  { keyHash, now }: { keyHash: string; now: number },
): Promise<Account | null> {
  const row = await read("sign_in_links")
    .join("accounts", "accounts.id", "sign_in_links.account_id")
    .where({ key_hash: keyHash })
    .where("expires_at", ">", now)
    .whereNull("disabled_at")
    .first<Account | undefined>("accounts.id", "email", "name", "role");
  return row ?? null;
}

/** Uses a link up: of two at once one gets through. */
export function takeLink(
  { write }: Store,
  { keyHash, passwordHash, now }: { keyHash: string; passwordHash: string; now: number },
): Promise<Account | null> {
  return write.transaction(async (knex) => {
    // Knex does not tell what SQLite deletes: who first sets it to have ended has it.
    const [link] = await knex("sign_in_links")
      .where({ key_hash: keyHash })
      .where("expires_at", ">", now)
      .update({ expires_at: 0 })
      .returning<Array<{ account_id: string }>>("account_id");
    if (link === undefined) return null;
    await knex("sign_in_links").where({ key_hash: keyHash }).delete();
    const [row] = await knex("accounts")
      .where({ id: link.account_id })
      .whereNull("disabled_at")
      .update({ password_hash: passwordHash })
      .returning<Account[]>(["id", "email", "name", "role"]);
    return row ?? null;
  });
}
