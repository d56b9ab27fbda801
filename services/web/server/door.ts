import { ACCOUNT_HEADER } from "../app/device/account.ts";
import { PATHS, signInPath } from "../app/names/paths.ts";
import type { Accounts, KnownAccount } from "./accounts.ts";
import { sessionCookie } from "./session-cookie.ts";
import { isUnavailable } from "./unavailable.ts";

/** How long an answer about a session is taken for true, and how long when no newer one can be had. */
const FRESH_MS = 10_000;
const STALE_MS = 45_000;
/** How often a stream that stays open asks whether its agent is still signed in. */
const WATCH_MS = 10_000;
const MOST_KEPT = 10_000;

/** What anybody may open: pages with nothing of a customer's, each of its own. */
const OPEN = new Set<string>([
  PATHS.signIn,
  PATHS.code,
  PATHS.oidc,
  PATHS.oidcCallback,
  PATHS.welcome,
  PATHS.preferences,
]);

export type Entered = { agent: KnownAccount | null; session: string | null };
export type Door = {
  /** Whether a request gets in, and as whom; else what it is answered. */
  enter: (request: Request) => Promise<Entered | Response>;
  /** Aborted once whoever entered is signed in no more; asks until `ended`. */
  watch: (entered: Entered, ended: AbortSignal) => AbortSignal;
  /** After a sign-out: what was known of a session is not true any more. */
  forget: (session: string) => void;
};

/** Where sign-in is off, everyone gets in as nobody. `now` in milliseconds. */
export function createDoor({
  required,
  accounts,
  secure,
  now,
  watchMs = WATCH_MS,
}: {
  required: boolean;
  accounts: Pick<Accounts, "current">;
  secure: boolean;
  now: () => number;
  watchMs?: number;
}): Door {
  const known = new Map<string, { at: number; account: KnownAccount }>();
  const asked = new Map<string, Promise<KnownAccount | null>>();

  const ask = (session: string): Promise<KnownAccount | null> => {
    const running = asked.get(session);
    if (running !== undefined) return running;
    const at = now();
    const answer = accounts
      .current(session)
      .then((account) => {
        // A sign-out in between has taken the question away: its answer is of before.
        if (asked.get(session) !== answer) return account;
        known.delete(session);
        if (account !== null) known.set(session, { at, account });
        const oldest = known.size > MOST_KEPT ? known.keys().next().value : undefined;
        if (oldest !== undefined) known.delete(oldest);
        return account;
      })
      .finally(() => {
        if (asked.get(session) === answer) asked.delete(session);
      });
    asked.set(session, answer);
    return answer;
  };

  /** Throws `Unavailable` when it is not known. */
  const agentOf = async (session: string): Promise<KnownAccount | null> => {
    const last = known.get(session);
    if (last !== undefined && now() - last.at < FRESH_MS) return last.account;
    try {
      return await ask(session);
    } catch (error) {
      // The page says by itself what cannot be reached.
      if (isUnavailable(error) && last !== undefined && now() - last.at < STALE_MS) return last.account;
      throw error;
    }
  };

  return {
    enter: async (request) => {
      const { pathname, search } = new URL(request.url);
      const session = sessionCookie.of(request, { secure });
      if (!required) return { agent: null, session: null };
      const isOpen = OPEN.has(pathname.replace(/\.data$/, ""));
      try {
        const agent = session === null ? null : await agentOf(session);
        const meant = request.headers.get(ACCOUNT_HEADER);
        // The page is of somebody who has left.
        const isOthers = meant !== null && meant !== agent?.id;
        if ((agent !== null && !isOthers) || isOpen) return { agent, session };
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        if (isOpen) return { agent: null, session };
        return new Response("Nobody can be let in at the moment. Try again.", {
          status: 503,
          headers: { "Retry-After": "5" },
        });
      }
      if (!asksForPage(request)) return new Response("Sign in first.", { status: 401 });
      const back = request.method === "GET" ? pathname + search : "/";
      return new Response(null, { status: 303, headers: { Location: signInPath(back) } });
    },
    watch: ({ session }, ended) => {
      const out = new AbortController();
      if (!required || session === null) return out.signal;
      let since = now();
      const look = async (): Promise<void> => {
        try {
          if ((await ask(session)) === null) out.abort();
          else since = now();
        } catch {
          if (now() - since > STALE_MS) out.abort();
        }
      };
      const timer = setInterval(() => void look(), watchMs).unref();
      const stop = (): void => clearInterval(timer);
      ended.addEventListener("abort", stop, { once: true });
      out.signal.addEventListener("abort", stop, { once: true });
      if (ended.aborted) stop();
      return out.signal;
    },
    forget: (session) => {
      known.delete(session);
      asked.delete(session);
    },
  };
}

/** Not what a script of the app asks for, which would follow to a page and take it for data. */
function asksForPage({ url, headers }: Request): boolean {
  const { pathname } = new URL(url);
  if (pathname.endsWith(".data") || pathname.startsWith("/data/") || pathname === "/live") return false;
  const destination = headers.get("sec-fetch-dest");
  return destination === null
    ? (headers.get("accept") ?? "").includes("text/html")
    : destination === "document";
}
