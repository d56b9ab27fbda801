import type { Account } from "@fio/contracts";
import type { Store } from "./connect.ts";

/** Who somebody is, as an issuer knows them. */
export type Identity = { issuer: string; subject: string };
type Owner = Account & { isDisabled: boolean };

/** Whose identity it is; `null`: nobody's yet. */
export async function findByIdentity({ read }: Store, { issuer, subject }: Identity): Promise<Owner | null> {
  const row = await read("identities")
    .join("accounts", "accounts.id", "identities.account_id")
    .where({ issuer, subject })
    .first<(Account & { disabled_at: number | string | null }) | undefined>(
      "accounts.id",
      "email",
      "name",
      "role",
      "disabled_at",
    );
  if (row === undefined) return null;
  const { disabled_at, ...account } = row;
  return { ...account, isDisabled: disabled_at !== null };
}

/** `false`: the account has another identity of this issuer, or the identity another account. */
export async function tieIdentity(
  { write }: Store,
  { issuer, subject, accountId, now }: Identity & { accountId: string; now: number },
): Promise<boolean> {
  const rows = await write("identities")
    .insert({ issuer, subject, account_id: accountId, created_at: now })
    .onConflict()
    .ignore()
    .returning<Array<{ subject: string }>>("subject");
  return rows.length > 0;
}
