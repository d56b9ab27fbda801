import { SESSION_SECONDS } from "@fio/contracts";
import { cookieOf } from "../app/device/cookies.ts";

/** Over TLS no other host and no page without TLS can set it. */
const nameOf = (secure: boolean): string => (secure ? "__Host-fio_session" : "fio_session");

const written = (value: string, { secure, seconds }: { secure: boolean; seconds: number }): string =>
  `${nameOf(secure)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;

/** The cookie of a session: an opaque token, which no script reads. */
export const sessionCookie = {
  of: (request: Request, { secure }: { secure: boolean }): string | null => {
    const value = cookieOf(request.headers.get("cookie"), nameOf(secure));
    return value !== null && /^[\w-]{43}$/.test(value) ? value : null;
  },
  set: (token: string, { secure }: { secure: boolean }): string =>
    written(token, { secure, seconds: SESSION_SECONDS }),
  clear: ({ secure }: { secure: boolean }): string => written("", { secure, seconds: 0 }),
};
