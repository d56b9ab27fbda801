import { randomUUID } from "node:crypto";
import { email as emailShape, type Account, type Session } from "@fio/contracts";
import { findAccount, readLink, takeLink } from "../store/accounts.ts";
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
import { createPasswords, type Passwords } from "./passwords.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/** Attempts that fail within `windowMs`. An office has one address and many agents. */
export const ATTEMPTS = { windowMs: 15 * 60_000, account: 10, address: 100 };

const SEEN_EVERY_MS = 60_000;
/** Whoever signs in waits for it. */
const STORE_MS = 3_000;

/** Of whoever signs in. */
export type Device = { address: string; browser: string };
export type SignIn =
  | { kind: "signed in"; token: string; account: Account }
  | { kind: "refused" }
  /** `retryAfter` in seconds. */
  | { kind: "limited"; retryAfter: number };
export type Current = { account: Account; session: StoredSession };

/** Whoever serves sign-in needs these of accounts, and no more. `now` in milliseconds since 1970. */
export type Accounts = {
  administration: Administration;
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
};

export function createAccounts({
  store,
  now,
  passwords = createPasswords(),
}: {
  store: Store;
  now: () => number;
  passwords?: Passwords;
}): Accounts {
  const done = <Value>(write: () => Promise<Value>): Promise<Value> =>
    untilDone(write, { signal: AbortSignal.timeout(STORE_MS) });

  const begin = async (account: Account, browser: string): Promise<SignIn> => {
    const token = newToken();
    const at = now();
    await done(() => deleteEndedSessions(store, { accountId: account.id, now: at }));
    const session = { id: randomUUID(), account_id: account.id, browser, created_at: at, seen_at: at };
    await done(() => addSession(store, { ...session, token_hash: hashOfToken(token) }));
    return { kind: "signed in", token, account };
  };

  const limit = async (subject: string, most: number): Promise<number | null> => {
    const at = now();
    const counting = { subjectHash: hashOfToken(subject), windowMs: ATTEMPTS.windowMs, now: at };
    const { attempts, endsAt } = await done(() => countAttempt(store, counting));
    // What nobody tries any more would stay for good.
    if (attempts === 1) await done(() => deleteOldAttempts(store, at));
    return attempts > most ? Math.max(1, Math.ceil((endsAt - at) / 1_000)) : null;
  };

  return {
    administration: createAdministration({ store, now, write: done }),
    signIn: async ({ email: given, password, address, browser }) => {
      const parsed = emailShape.safeParse(given);
      const email = parsed.success ? parsed.data : given;
      const [byAccount, byAddress] = [`account ${email}`, `address ${address}`];
      const waits = [await limit(byAddress, ATTEMPTS.address), await limit(byAccount, ATTEMPTS.account)];
      const longest = Math.max(...waits.map((wait) => wait ?? 0));
      if (longest > 0) return { kind: "limited", retryAfter: longest };
      const found = parsed.success ? await findAccount(store, email) : null;
      const isTheirs = await passwords.matches(password, found?.password_hash ?? null);
      if (found === null || !isTheirs || found.disabled_at !== null) return { kind: "refused" };
      await done(() => forgetAttempts(store, hashOfToken(byAccount)));
      await done(() => forgiveAttempt(store, hashOfToken(byAddress)));
      const { id, name, role } = found;
      return begin({ id, email, name, role }, browser);
    },
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
    endSession: ({ account }, id) => done(() => deleteSession(store, { id, accountId: account.id })),
    linkOf: (key) => readLink(store, { keyHash: hashOfToken(key), now: now() }),
    acceptLink: async ({ key, password, address, browser }) => {
      const retryAfter = await limit(`address ${address}`, ATTEMPTS.address);
      if (retryAfter !== null) return { kind: "limited", retryAfter };
      const keyHash = hashOfToken(key);
      // A hash is dear: not for a link that is none.
      const owner = await readLink(store, { keyHash, now: now() });
      if (owner === null) return { kind: "refused" };
      if (await isCommon(password, owner)) return { kind: "common" };
      const passwordHash = await passwords.hash(password);
      const account = await done(() => takeLink(store, { keyHash, passwordHash, now: now() }));
      if (account === null) return { kind: "refused" };
      await done(() => forgiveAttempt(store, hashOfToken(`address ${address}`)));
      return begin(account, browser);
    },
  };
}
