import {
  SESSION_HEADER,
  type AcceptLinkBody,
  type Account,
  type AccountChange,
  type AccountRow,
  type Agent,
  type AuditEntry,
  type AuditNote,
  type BeginOidcBody,
  type BeginSecondFactorBody,
  type BegunOidc,
  type BegunSecondFactor,
  type ChangedAccount,
  type ChangePasswordBody,
  type ConfirmSecondFactorBody,
  type CurrentSession,
  type EndSecondFactorBody,
  type FinishOidcBody,
  type NewAccount,
  type PresenceBody,
  type PresentAgent,
  type Problem,
  type ProblemCode,
  type RecoveryCodes,
  type SecondFactor,
  type SecondStep,
  type SecondStepBody,
  type Session,
  type SignedIn,
  type SignInBody,
} from "@fio/contracts";
import { queryOf } from "./api.ts";
import { askApi, type ApiAccess, type ApiAnswer } from "./ask-api.ts";
import { factorFaultOf, type FactorFault } from "./second-factor.ts";
import { Unavailable } from "./unavailable.ts";

/** `retryAfter` in seconds. */
export type SignIn =
  | { kind: "signed in"; token: string; account: Account }
  /** The password is right; the code of the second factor is to follow, with `step`. */
  | { kind: "code"; step: string }
  | { kind: "refused" }
  | { kind: "invalid" }
  /** A password that is tried first. */
  | { kind: "common" }
  | { kind: "limited"; retryAfter: number };

/** `ended`: the password is too long ago, or was used. */
export type CodeSignIn =
  Extract<SignIn, { kind: "signed in" | "limited" }> | { kind: "ended" | "wrong code" };

/** Why nobody was let in by an issuer of identities; `off`: there is none, `unreached`: our own server did not answer. */
export type OidcFault =
  "away" | "denied" | "ended" | "failed" | "limited" | "no-account" | "off" | "unreached" | "unverified";
const OIDC_FAULTS: Partial<Record<ProblemCode, OidcFault>> = {
  OIDC_AWAY: "away",
  OIDC_DENIED: "denied",
  OIDC_ENDED: "ended",
  OIDC_NO_ACCOUNT: "no-account",
  OIDC_OFF: "off",
  OIDC_UNVERIFIED: "unverified",
  TOO_MANY_ATTEMPTS: "limited",
};
const oidcFaultOf = (content: unknown): OidcFault =>
  OIDC_FAULTS[(content as Partial<Problem> | null)?.code ?? "OIDC_FAILED"] ?? "failed";

const limitedBy = (headers: Headers): Extract<SignIn, { kind: "limited" }> => ({
  kind: "limited",
  retryAfter: Number(headers.get("retry-after") ?? 60),
});

/** A password takes its turn at the read API, which turns away what would wait longer than this. */
const PASSWORD_MS = 25_000;
/** The read API asks an issuer at most four things, each for 5 s. */
const ISSUER_MS = 25_000;

/** What became of an admin's act; `key`: of a link that works once. `refused`: not an admin any more, or it is not so any more. */
export type AdminAnswer = { kind: "done"; key: string | null } | { kind: "exists" | "invalid" | "refused" };

/** `sees`: an older read API does not say, and tells all. */
export type KnownAccount = Account & Partial<Pick<CurrentSession, "sees">>;

/** Accounts and sessions, of which the read API knows. Every call throws {@link Unavailable} when it does not answer. */
export type Accounts = ReturnType<typeof createAccounts>;

export function createAccounts(access: ApiAccess) {
  async function ask(
    method: string,
    path: string,
    { body, session, limitMs }: { body?: object; session?: string; limitMs?: number } = {},
  ): Promise<ApiAnswer> {
    const answer = await askApi(access, path, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(limitMs === undefined ? {} : { limitMs }),
      ...(session === undefined ? {} : { headers: { [SESSION_HEADER]: session } }),
    });
    const code = (answer.content as Partial<Problem> | null)?.code;
    // Our own token is wrong: nobody can sign in, and whoever has is not out.
    if (code === "UNAUTHORIZED") throw new Unavailable(answer.what, answer.status);
    return answer;
  }

  async function signInBy(path: string, body: object, by: { session?: string } = {}): Promise<SignIn> {
    const { status, headers, content } = await ask("POST", path, { body, limitMs: PASSWORD_MS, ...by });
    if (status === 201) return { kind: "signed in", ...(content as SignedIn) };
    if (status === 202) return { kind: "code", ...(content as SecondStep) };
    if (status === 429) return limitedBy(headers);
    if ((content as Partial<Problem> | null)?.code === "PASSWORD_COMMON") return { kind: "common" };
    return { kind: status === 400 || status === 413 ? "invalid" : "refused" };
  }

  async function administer(session: string, path: string, body: object): Promise<AdminAnswer> {
    const { status, content } = await ask("POST", path, { session, body });
    if (status < 300) return { kind: "done", key: (content as ChangedAccount).key };
    if ((content as Partial<Problem> | null)?.code === "ACCOUNT_EXISTS") return { kind: "exists" };
    return { kind: status === 400 || status === 413 ? "invalid" : "refused" };
  }

  return {
    /** Says what an agent's tab does in a conversation; who is there, `null`: the session has ended. */
    present: async (session: string, id: string, said: PresenceBody): Promise<PresentAgent[] | null> => {
      const { status, content } = await ask("POST", `/conversations/${id}/presence`, { session, body: said });
      return status === 200 ? (content as PresentAgent[]) : null;
    },
    /**
     * Whether an agent may see a conversation, or it does not exist yet. A read API of the version before, which does not know the
     * question, has not said it.
     */
    maySee: async (session: string, id: string): Promise<boolean> => {
      const { what, status, content } = await ask("GET", `/conversations/${id}/sight`, { session });
      if (status === 200) return true;
      if ((content as Partial<Problem> | null)?.code === "CONVERSATION_NOT_FOUND") return false;
      throw new Unavailable(what, status);
    },
    /** Who can be given a conversation; `null`: the session has ended. */
    agents: async (session: string): Promise<Agent[] | null> => {
      const { status, content } = await ask("GET", "/agents", { session });
      return status === 200 ? (content as Agent[]) : null;
    },
    /** Notes what the agent did; throws {@link Unavailable} too where it was not taken. */
    note: async (session: string, noted: AuditNote): Promise<void> => {
      const { what, status } = await ask("POST", "/audit", { session, body: noted });
      if (status !== 204) throw new Unavailable(what, status);
    },
    /** Who did what, for admins, `query` as the read API takes it; `null`: not an admin any more, or the query is wrong. */
    audit: async (
      session: string,
      query: string,
    ): Promise<{ entries: AuditEntry[]; next: string | null } | null> => {
      const { status, headers, content } = await ask("GET", `/audit?${query}`, { session });
      if (status !== 200) return null;
      return { entries: content as AuditEntry[], next: queryOf(headers.get("link"), "next") };
    },
    /** For admins; `null`: whoever asks is none any more. */
    list: async (session: string): Promise<AccountRow[] | null> => {
      const { status, content } = await ask("GET", "/accounts", { session });
      return status === 200 ? (content as AccountRow[]) : null;
    },
    add: (session: string, given: NewAccount) => administer(session, "/accounts", given),
    change: (session: string, id: string, change: AccountChange) =>
      administer(session, `/accounts/${encodeURIComponent(id)}/${change}`, {}),
    signIn: (given: SignInBody) => signInBy("/sessions", given),
    acceptLink: (given: AcceptLinkBody) => signInBy("/sign-in-links/accept", given),
    /** By the current one, else `refused`; the session goes on under another token. */
    changePassword: (session: string, given: ChangePasswordBody) =>
      signInBy("/sessions/current/password", given, { session }),
    signInByCode: async (given: SecondStepBody): Promise<CodeSignIn> => {
      const { status, headers, content } = await ask("POST", "/sessions/second", { body: given });
      if (status === 201) return { kind: "signed in", ...(content as SignedIn) };
      if (status === 429) return limitedBy(headers);
      return { kind: status === 401 ? "ended" : "wrong code" };
    },
    /** Whether the account has a second factor; `null`: the read API does not know of any, or the session has ended. */
    factor: async (session: string): Promise<SecondFactor | null> => {
      const { status, content } = await ask("GET", "/sessions/current/second-factor", { session });
      return status === 200 ? (content as SecondFactor) : null;
    },
    beginFactor: async (
      session: string,
      body: BeginSecondFactorBody,
    ): Promise<BegunSecondFactor | FactorFault> => {
      const path = "/sessions/current/second-factor/begin";
      const { status, content } = await ask("POST", path, { session, body, limitMs: PASSWORD_MS });
      return status === 201 ? (content as BegunSecondFactor) : factorFaultOf(content);
    },
    confirmFactor: async (
      session: string,
      body: ConfirmSecondFactorBody,
    ): Promise<RecoveryCodes | FactorFault> => {
      const path = "/sessions/current/second-factor/confirm";
      const { status, content } = await ask("POST", path, { session, body });
      return status === 201 ? (content as RecoveryCodes) : factorFaultOf(content);
    },
    /** `null`: it is off. */
    endFactor: async (session: string, body: EndSecondFactorBody): Promise<FactorFault | null> => {
      const path = "/sessions/current/second-factor/end";
      const { status, content } = await ask("POST", path, { session, body, limitMs: PASSWORD_MS });
      return status === 204 ? null : factorFaultOf(content);
    },
    beginOidc: async (given: BeginOidcBody): Promise<BegunOidc | OidcFault> => {
      const { status, content } = await ask("POST", "/sign-in-oidc/begin", {
        body: given,
        limitMs: ISSUER_MS,
      });
      return status === 201 ? (content as BegunOidc) : oidcFaultOf(content);
    },
    finishOidc: async (given: FinishOidcBody): Promise<SignedIn | OidcFault> => {
      const { status, content } = await ask("POST", "/sign-in-oidc/finish", {
        body: given,
        limitMs: ISSUER_MS,
      });
      return status === 201 ? (content as SignedIn) : oidcFaultOf(content);
    },
    /** Whose link it is; `null`: it was used, or is too old. */
    linkOf: async (key: string): Promise<Account | null> => {
      const { status, content } = await ask("POST", "/sign-in-links/look-up", { body: { key } });
      return status === 200 ? (content as Account) : null;
    },
    /** Whose session it is; `null`: it has ended. */
    current: async (session: string): Promise<KnownAccount | null> => {
      const { status, content } = await ask("GET", "/sessions/current", { session });
      if (status !== 200) return null;
      const { account, sees } = content as CurrentSession;
      return { ...account, sees };
    },
    sessions: async (session: string): Promise<Session[]> => {
      const { status, content } = await ask("GET", "/sessions", { session });
      return status === 200 ? (content as Session[]) : [];
    },
    /** `current`, or the id of another session of the same account; one that has ended is no fault. */
    end: async (session: string, id: string): Promise<void> => {
      await ask("DELETE", `/sessions/${encodeURIComponent(id)}`, { session });
    },
  };
}
