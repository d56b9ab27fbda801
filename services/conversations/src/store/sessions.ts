import { SESSION_SECONDS, type Account } from "@fio/contracts";
import type { Store } from "./connect.ts";

/** How long a session lasts, in milliseconds: unused, and in all. */
export const SESSION_LIMITS = { idleMs: 12 * 3_600_000, wholeMs: SESSION_SECONDS * 1_000 };

export type StoredSession = {
  id: string;
  account_id: string;
  browser: string;
  created_at: number;
  seen_at: number;
};
type Row = Omit<StoredSession, "created_at" | "seen_at"> & {
  created_at: number | string;
  seen_at: number | string;
};
const fromRow = (row: Row): StoredSession => ({
  ...row,
  created_at: Number(row.created_at),
  seen_at: Number(row.seen_at),
});
const COLUMNS = ["sessions.id", "account_id", "browser", "sessions.created_at", "seen_at"] as const;

export async function addSession(
  { write }: Store,
  session: StoredSession & { token_hash: string },
): Promise<void> {
  await write("sessions").insert(session);
}

/** Of one account: what has lasted too long goes. */
export async function deleteEndedSessions(
  { write }: Store,
  { accountId, now }: { accountId: string; now: number },
): Promise<void> {
  const { idleMs, wholeMs } = SESSION_LIMITS;
  await write("sessions")
    .where({ account_id: accountId })
    .whereRaw("(seen_at <= ? or created_at <= ?)", [now - idleMs, now - wholeMs])
    .delete();
}

/** The session and whose it is, unless it has ended or its account is disabled. */
export async function findSession(
  { read }: Store,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<{ session: StoredSession; account: Account } | null> {
  const row = await read("sessions")
    .join("accounts", "accounts.id", "sessions.account_id")
    .where({ token_hash: tokenHash })
    .where("seen_at", ">", now - SESSION_LIMITS.idleMs)
    .where("sessions.created_at", ">", now - SESSION_LIMITS.wholeMs)
    .whereNull("disabled_at")
    .first<(Row & Omit<Account, "id">) | undefined>(...COLUMNS, "email", "name", "role");
  if (row === undefined) return null;
  const { email, name, role, ...session } = row;
  return { session: fromRow(session), account: { id: session.account_id, email, name, role } };
}

export async function touchSession(
  { write }: Store,
  { id, now }: { id: string; now: number },
): Promise<void> {
  await write("sessions").where({ id }).update({ seen_at: now });
}

/** The latest first. */
export async function listSessions(
  { read }: Store,
  { accountId, now }: { accountId: string; now: number },
): Promise<StoredSession[]> {
  const rows = await read("sessions")
    .where({ account_id: accountId })
    .where("seen_at", ">", now - SESSION_LIMITS.idleMs)
    .where("created_at", ">", now - SESSION_LIMITS.wholeMs)
    .orderBy("seen_at", "desc")
    .select<Row[]>(...COLUMNS);
  return rows.map(fromRow);
}

/** `false`: the account has no such session. */
export async function deleteSession(
  { write }: Store,
  { id, accountId }: { id: string; accountId: string },
): Promise<boolean> {
  return (await write("sessions").where({ id, account_id: accountId }).delete()) > 0;
}
