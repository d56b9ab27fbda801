import type { Account, AccountChange, AccountRow, NewAccount } from "@fio/contracts";
import {
  addAccount,
  disableAccount,
  enableAccount,
  endSessions,
  findAccountById,
  listAccounts,
  replaceLink,
  type StoredAccount,
} from "../store/accounts.ts";
import type { Store } from "../store/connect.ts";
import { hashOfToken, newToken } from "./tokens.ts";

const LINK_MS = 72 * 3_600_000;

export type Added = { kind: "added"; account: Account; key: string } | { kind: "exists" };
/** `key` of a new link; `own`: nobody locks themselves out. */
export type Changed = { kind: "changed"; key: string | null } | { kind: "unknown" | "disabled" | "own" };

/** What admins and operators do with accounts. A link's key is told once, here. */
export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration({
  store,
  now,
  write,
}: {
  store: Store;
  now: () => number;
  /** Tries again what the store could not take at once. */
  write: <Value>(run: () => Promise<Value>) => Promise<Value>;
}) {
  const link = async (email: string): Promise<string | null> => {
    const key = newToken();
    const given = { email, keyHash: hashOfToken(key), expiresAt: now() + LINK_MS };
    return (await write(() => replaceLink(store, given))) ? key : null;
  };
  return {
    /** Of an account that is enabled: the key of a new link, which takes its password and its sessions. */
    link,
    list: async (): Promise<AccountRow[]> => (await listAccounts(store)).map(shown),
    add: async ({ email, name, role }: NewAccount): Promise<Added> => {
      const account = await write(() => addAccount(store, { email, name, role, now: now() }));
      const key = account === null ? null : await link(email);
      return account === null || key === null ? { kind: "exists" } : { kind: "added", account, key };
    },
    change: async (id: string, change: AccountChange, by: { id: string }): Promise<Changed> => {
      const account = await findAccountById(store, id);
      if (account === null) return { kind: "unknown" };
      if (id === by.id) return { kind: "own" };
      const { email } = account;
      switch (change) {
        case "disable":
          await write(() => disableAccount(store, { email, now: now() }));
          return { kind: "changed", key: null };
        case "enable":
          await write(() => enableAccount(store, email));
          return { kind: "changed", key: null };
        case "end-sessions":
          await write(() => endSessions(store, email));
          return { kind: "changed", key: null };
        case "reset": {
          const key = await link(email);
          return key === null ? { kind: "disabled" } : { kind: "changed", key };
        }
        default:
          return change satisfies never;
      }
    },
  };
}

const shown = ({ id, email, name, role, disabled_at, password_hash }: StoredAccount): AccountRow => ({
  ...{ id, email, name, role },
  state: disabled_at !== null ? "disabled" : password_hash === null ? "no_password" : "active",
});
