import { randomUUID } from "node:crypto";
import { email as emailShape, type Account, type AuditAction, type Session } from "@fio/contracts";
import { changePassword, findAccount, findAccountById, readLink, takeLink } from "../store/accounts.ts";
import { addAuditLine, type Audit } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import { untilDone } from "../store/retry.ts";
import {
  addSession,
  deleteEndedSessions,
  deleteSession,
  findSession,
  listSessions,
  touchSession,
  type StoredSession,
} from "../store/sessions.ts";
import {
  countAttempt,
  deleteOldAttempts,
  forgetAttempts,
  forgiveAttempt,
} from "../store/sign-in-attempts.ts";
import { createAdministration, type Administration } from "./administration.ts";
import { isCommon } from "./common-passwords.ts";
import type { Issuer } from "./oidc/issuer.ts";
import { createOidc, type Oidc } from "./oidc/sign-in.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { createSecondFactor, type Proof, type SecondFactor } from "./second-factor.ts";
import type { Busy, Device, SignIn } from "./sign-in.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/** Attempts that fail within `windowMs`. An office has one address and many agents. */
export const ATTEMPTS = { windowMs: 15 * 60_000, account: 10, address: 100 };

/**
 * Passwords that are checked or wait for it. On a busy machine a hash takes half a second and two run at a time: more would
 * wait longer than whoever asks.
 */
export const MOST_AT_ONCE = 40;
const BUSY_SECONDS = 5;
/** Sign-ins that wait for an issuer: one that hangs holds up nobody who has a password. */
const MOST_AT_ISSUER = 40;

const SEEN_EVERY_MS = 60_000;
/** Whoever signs in waits for it. */
const STORE_MS = 3_000;

export type Current = { account: Account; session: StoredSession };

/** Whoever serves sign-in needs these of accounts, and no more. `now` in milliseconds since 1970. */
export type Accounts = {
  administration: Administration;
  /** Written before it is done: nothing happens that is not in the log. */
  audit: Audit;
  /** By an issuer of identities; `null`: there is none. */
  oidc: Oidc | null;
  secondFactor: SecondFactor;
  /** A wrong password, an unknown, a disabled and an unfinished account end alike, in text and in time. */
  signIn: (given: { email: string; password: string } & Device) => Promise<SignIn>;
  /** Whose session a token is; `null`: nobody's any more. */
  current: (token: string) => Promise<Current | null>;
  sessions: (current: Current) => Promise<Session[]>;
  /** `false`: the account has no such session. */
  endSession: (current: Current, id: string) => Promise<boolean>;
  /** Whose link it is; `null`: it was used, or is too old. */
  linkOf: (key: string) => Promise<Account | null>;
  acceptLink: (given: { key: string; password: string } & Device) => Promise<SignIn | { kind: "common" }>;
  /** By the current password, `refused` when it is another one. Ends all sessions and begins one. */
  changePassword: (
    current: Current,
    given: { current: string; password: string } & Device,
  ) => Promise<SignIn | { kind: "common" }>;
};

export function createAccounts({
  store,
  now,
  passwords = createPasswords(),
  oidc = null,
}: {
  store: Store;
  now: () => number;
  passwords?: Passwords;
  oidc?: { issuer: Issuer; allowedDomains: readonly string[] } | null;
}): Accounts {
  const done = <Value>(write: () => Promise<Value>): Promise<Value> =>
    untilDone(write, { signal: AbortSignal.timeout(STORE_MS) });

  let last = 0;
  const audit: Audit = (line) => {
    // In the order in which it was done, also within a millisecond.
    last = Math.max(now() * 1_000, last + 1);
    const at = last;
    return done(() => addAuditLine(store, { ...line, at }));
  };

  const begin = async (
    account: Account,
    { browser, address }: Device,
    action: AuditAction = "sign_in",
  ): Promise<SignIn> => {
    const token = newToken();
    const at = now();
    await audit({ action, actor: account.id, detail: address });
    await done(() => deleteEndedSessions(store, { accountId: account.id, now: at }));
    const session = { id: randomUUID(), account_id: account.id, browser, created_at: at, seen_at: at };
    await done(() => addSession(store, { ...session, token_hash: hashOfToken(token) }));
    return { kind: "signed in", token, account };
  };

  const limit = async (subject: string, most: number, address: string): Promise<number | null> => {
    const at = now();
    const counting = { subjectHash: hashOfToken(subject), windowMs: ATTEMPTS.windowMs, now: at };
    const { attempts, endsAt } = await done(() => countAttempt(store, counting));
    // What nobody tries any more would stay for good.
    if (attempts === 1) await done(() => deleteOldAttempts(store, at));
    // Once: whoever goes on writes no more lines.
    if (attempts === most + 1) await audit({ action: "sign_in_limited", detail: address });
    return attempts > most ? Math.max(1, Math.ceil((endsAt - at) / 1_000)) : null;
  };

  const withRoom = roomFor(MOST_AT_ONCE);

  /** Counts an attempt; how long to wait when there were too many, in seconds. */
  const limitBoth = async (email: string, address: string): Promise<number | null> => {
    const waits = [
      await limit(`address ${address}`, ATTEMPTS.address, address),
      await limit(`account ${email}`, ATTEMPTS.account, address),
    ];
    const longest = Math.max(...waits.map((wait) => wait ?? 0));
    return longest > 0 ? longest : null;
  };
  /** It was no guess. */
  const forgive = async (email: string, address: string): Promise<void> => {
    await done(() => forgetAttempts(store, hashOfToken(`account ${email}`)));
    await done(() => forgiveAttempt(store, hashOfToken(`address ${address}`)));
  };

  /** Of who is signed in, once more, under the limits of signing in. */
  const prove = async (
    { id, email }: Account,
    { password, address }: { password: string; address: string },
  ): Promise<Proof> => {
    const retryAfter = await limitBoth(email, address);
    if (retryAfter !== null) return { kind: "limited", retryAfter };
    const hash = (await findAccountById(store, id))?.password_hash ?? null;
    if (!(await passwords.matches(password, hash)) || hash === null) {
      await audit({ action: "sign_in_failed", account: id, detail: address });
      return { kind: "refused" };
    }
    await forgive(email, address);
    return { kind: "proven", hash };
  };

  const secondFactor = createSecondFactor({
    ...{ store, now, audit, limit, prove, withRoom, write: done },
    enter: begin,
  });
  /** By the password alone nobody gets in whose account has a second factor. */
  const codeOrBegin = async (account: Account, device: Device): Promise<SignIn> => {
    const step = await secondFactor.stepFor(account.id);
    return step === null ? begin(account, device) : { kind: "code", step };
  };

  const signIn: Accounts["signIn"] = async ({ email: given, password, address, browser }) => {
    const parsed = emailShape.safeParse(given);
    const email = parsed.success ? parsed.data : given;
    const retryAfter = await limitBoth(email, address);
    if (retryAfter !== null) return { kind: "limited", retryAfter };
    const found = parsed.success ? await findAccount(store, email) : null;
    const isTheirs = await passwords.matches(password, found?.password_hash ?? null);
    if (found === null || !isTheirs || found.disabled_at !== null) {
      // What was typed for an address may be anything, a password too.
      await audit({ action: "sign_in_failed", account: found?.id ?? null, detail: address });
      return { kind: "refused" };
    }
    await forgive(email, address);
    const { id, name, role } = found;
    return codeOrBegin({ id, email, name, role }, { browser, address });
  };

  const acceptLink: Accounts["acceptLink"] = async ({ key, password, address, browser }) => {
    const retryAfter = await limit(`address ${address}`, ATTEMPTS.address, address);
    if (retryAfter !== null) return { kind: "limited", retryAfter };
    const keyHash = hashOfToken(key);
    // A hash is dear: not for a link that is none.
    const owner = await readLink(store, { keyHash, now: now() });
    if (owner === null) return { kind: "refused" };
    if (await isCommon(password, owner)) return { kind: "common" };
    const passwordHash = await passwords.hash(password);
    await audit({ action: "password_set", actor: owner.id, detail: address });
    const account = await done(() => takeLink(store, { keyHash, passwordHash, now: now() }));
    if (account === null) return { kind: "refused" };
    await done(() => forgiveAttempt(store, hashOfToken(`address ${address}`)));
    return codeOrBegin(account, { browser, address });
  };

  const changeOwn: Accounts["changePassword"] = async ({ account }, { current, password, ...device }) => {
    const proof = await prove(account, { password: current, address: device.address });
    if (proof.kind !== "proven") return proof;
    if (await isCommon(password, account)) return { kind: "common" };
    const passwordHash = await passwords.hash(password);
    const { id } = account;
    await audit({ action: "password_changed", actor: id, detail: device.address });
    const given = { id, was: proof.hash, passwordHash };
    if (!(await done(() => changePassword(store, given)))) return { kind: "refused" };
    return begin(account, device);
  };

  const byIssuer =
    oidc === null
      ? null
      : createOidc({
          ...{ ...oidc, store, now, audit, limit, write: done },
          enter: (account, device) => begin(account, device, "sign_in_oidc"),
        });
  const atIssuer = roomFor(MOST_AT_ISSUER);

  return {
    secondFactor,
    administration: createAdministration({ store, now, write: done, audit }),
    audit,
    oidc: byIssuer && {
      begin: (given) => atIssuer(() => byIssuer.begin(given)),
      finish: (given) => atIssuer(() => byIssuer.finish(given)),
    },
    signIn: (given) => withRoom(() => signIn(given)),
    current: async (token) => {
      const at = now();
      const found = await findSession(store, { tokenHash: hashOfToken(token), now: at });
      if (found !== null && at - found.session.seen_at >= SEEN_EVERY_MS) {
        // The session holds without it: the next look sets it.
        await touchSession(store, { id: found.session.id, now: at }).catch(() => {});
      }
      return found;
    },
    sessions: async ({ account, session: own }) =>
      (await listSessions(store, { accountId: account.id, now: now() })).map(
        ({ id, browser, created_at, seen_at }) => ({
          ...{ id, browser, current: id === own.id },
          created_at: new Date(created_at).toISOString(),
          seen_at: new Date(seen_at).toISOString(),
        }),
      ),
    endSession: async ({ account, session }, id) => {
      const isOwn = id === session.id;
      await audit({ action: isOwn ? "sign_out" : "session_ended", actor: account.id });
      return done(() => deleteSession(store, { id, accountId: account.id }));
    },
    linkOf: (key) => readLink(store, { keyHash: hashOfToken(key), now: now() }),
    acceptLink: (given) => withRoom(() => acceptLink(given)),
    changePassword: (current, given) => withRoom(() => changeOwn(current, given)),
  };
}

/** Runs so many at a time, and turns away the next. */
function roomFor(most: number): <Answer>(run: () => Promise<Answer>) => Promise<Answer | Busy> {
  let inHand = 0;
  return async (run) => {
    if (inHand >= most) return { kind: "busy", retryAfter: BUSY_SECONDS };
    inHand += 1;
    try {
      return await run();
    } finally {
      inHand -= 1;
    }
  };
}
