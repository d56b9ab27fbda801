import type { Account, AccountChange, Agent, AccountRow, AuditAction, NewAccount } from "@fio/contracts";
import {
  addAccount,
  disableAccount,
  enableAccount,
  endSessions,
  findAccountById,
  listAccounts,
  replaceLink,
  type ListedAccount,
} from "../store/accounts.ts";
import type { Audit } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import { deleteFactor } from "../store/second-factors.ts";
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
  audit,
}: {
  store: Store;
  now: () => number;
  /** Tries again what the store could not take at once. */
  write: <Value>(run: () => Promise<Value>) => Promise<Value>;
  audit: Audit;
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
    /** Who can be given a conversation, by name. */
    active: async (): Promise<Agent[]> =>
      (await listAccounts(store))
        .filter((one) => shown(one).state === "active")
        .map(({ id, name }) => ({ id, name }))
        .toSorted((one, other) => one.name.localeCompare(other.name)),
    /** `by`: an operator where there is none. */
    add: async ({ email, name, role }: NewAccount, by?: { id: string }): Promise<Added> => {
      const account = await write(() => addAccount(store, { email, name, role, now: now() }));
      if (account === null) return { kind: "exists" };
      // Nobody can use it before there is a link.
      await audit({ action: "account_added", actor: by?.id ?? null, account: account.id, detail: role });
      const key = await link(email);
      return key === null ? { kind: "exists" } : { kind: "added", account, key };
    },
    change: async (id: string, change: AccountChange, by: { id: string }): Promise<Changed> => {
      const account = await findAccountById(store, id);
      if (account === null) return { kind: "unknown" };
      if (id === by.id) return { kind: "own" };
      const { email } = account;
      await audit({ action: ACTION_OF[change], actor: by.id, account: id });
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
        case "take-off-second-factor":
          await write(() => deleteFactor(store, id));
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

/** By what an account's change is known in the log of who did what. */
export const ACTION_OF = {
  disable: "account_disabled",
  enable: "account_enabled",
  "end-sessions": "sessions_ended",
  reset: "link_made",
  "take-off-second-factor": "second_factor_taken_off",
} as const satisfies Record<AccountChange, AuditAction>;

const shown = ({
  id,
  email,
  name,
  role,
  disabled_at,
  password_hash,
  hasSecondFactor,
}: ListedAccount): AccountRow => ({
  ...{ id, email, name, role },
  state: disabled_at !== null ? "disabled" : password_hash === null ? "no_password" : "active",
  second_factor: hasSecondFactor,
});
