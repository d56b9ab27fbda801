import { OIDC_FLOW_SECONDS, type Account } from "@fio/contracts";
import { addAccount, findAccount } from "../../store/accounts.ts";
import type { Audit } from "../../store/audit.ts";
import type { Store } from "../../store/connect.ts";
import { findByIdentity, tieIdentity } from "../../store/identities.ts";
import { forgiveAttempt } from "../../store/sign-in-attempts.ts";
import { addFlow, deleteOldFlows, takeFlow } from "../../store/sign-in-flows.ts";
import type { Device, SignIn } from "../sign-in.ts";
import { hashOfToken, newToken } from "../tokens.ts";
import { domainOf } from "./claims.ts";
import { isAnswerTo } from "./flow.ts";
import type { Issuer, IssuerFault, Proven } from "./issuer.ts";

/** How long one may take at the issuer: a password, a second factor, a telephone that lies elsewhere. */
export const FLOW_MS = OIDC_FLOW_SECONDS * 1_000;
/** Within the window of other attempts. */
const MOST_BEGUN = 100;

export type Begun =
  { kind: "begun"; flow: string; url: string } | IssuerFault | Extract<SignIn, { kind: "limited" | "busy" }>;
/** `no account`: none, a disabled one, or one that is tied to somebody else. `unverified`: the issuer does not vouch for the address. */
export type OidcSignIn = SignIn | IssuerFault | { kind: "no account" | "unverified" };

/** Signing in by an issuer of identities. */
export type Oidc = {
  /** `flow` is for the browser that begins, alone: by it that browser is known again. */
  begin: (given: { redirectUri: string; address: string }) => Promise<Begun>;
  finish: (given: { flow: string; url: string } & Device) => Promise<OidcSignIn>;
};

export function createOidc({
  issuer,
  allowedDomains,
  store,
  now,
  write,
  audit,
  limit,
  enter,
}: {
  issuer: Issuer;
  /** Whoever has an address there gets an account by signing in. */
  allowedDomains: readonly string[];
  store: Store;
  now: () => number;
  /** Tries again what the store could not take at once. */
  write: <Value>(run: () => Promise<Value>) => Promise<Value>;
  audit: Audit;
  /** Counts an attempt; how long to wait when there were too many, in seconds. */
  limit: (subject: string, most: number, address: string) => Promise<number | null>;
  enter: (account: Account, device: Device) => Promise<SignIn>;
}): Oidc {
  // Apart from those by a password: a link of another site makes a browser begin, and locks nobody out by it.
  const subjectOf = (address: string): string => `oidc ${address}`;

  /** Who signs in for the first time: by an address that the issuer vouches for, once for good. */
  const tie = async (proven: Proven): Promise<Account | "no account" | "unverified"> => {
    const { issuer: of, subject, email, name } = proven;
    if (email === null) return "unverified";
    const found = await findAccount(store, email);
    if (found !== null && found.disabled_at !== null) return "no account";
    if (found === null && !allowedDomains.includes(domainOf(email))) return "no account";
    const added = { email, name, role: "agent", now: now() } as const;
    // Where they begin by two browsers at once, the other one may have made it.
    const account =
      found ?? (await write(() => addAccount(store, added))) ?? (await findAccount(store, email));
    if (account === null) return "no account";
    const { id, role } = account;
    if (found === null) await audit({ action: "account_added", actor: id, account: id, detail: role });
    await audit({ action: "identity_tied", actor: id, detail: of });
    if (!(await write(() => tieIdentity(store, { issuer: of, subject, accountId: id, now: now() })))) {
      // Tried again by `write`, or by another browser of theirs: then it is tied to this account.
      const owner = await findByIdentity(store, proven);
      if (owner?.id !== id) return "no account";
    }
    return { id, email: account.email, name: account.name, role };
  };

  const accountOf = async (proven: Proven): Promise<Account | "no account" | "unverified"> => {
    const owner = await findByIdentity(store, proven);
    if (owner === null) return tie(proven);
    const { isDisabled, ...account } = owner;
    return isDisabled ? "no account" : account;
  };

  return {
    begin: async ({ redirectUri, address }) => {
      const retryAfter = await limit(subjectOf(address), MOST_BEGUN, address);
      if (retryAfter !== null) return { kind: "limited", retryAfter };
      const flow = newToken();
      const begun = await issuer.begin({ flow, redirectUri });
      if (begun.kind !== "begun") return begun;
      const at = now();
      await write(() => deleteOldFlows(store, at));
      await write(() => addFlow(store, { flowHash: hashOfToken(flow), expiresAt: at + FLOW_MS }));
      return { kind: "begun", flow, url: begun.url };
    },
    finish: async ({ flow, url, ...device }) => {
      // Whoever makes a browser come with another answer uses nothing up.
      if (!isAnswerTo(flow, url)) return { kind: "ended" };
      // Of what was never begun no line is written: whoever makes it up fills no store.
      if (!(await write(() => takeFlow(store, { flowHash: hashOfToken(flow), now: now() }))))
        return { kind: "ended" };
      const answer = await issuer.finish({ flow, url });
      const account = answer.kind === "proven" ? await accountOf(answer.proven) : answer.kind;
      if (typeof account === "string") {
        await audit({ action: "sign_in_oidc_failed", detail: device.address });
        return { kind: account };
      }
      await write(() => forgiveAttempt(store, hashOfToken(subjectOf(device.address))));
      return enter(account, device);
    },
  };
}
