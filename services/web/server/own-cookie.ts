import { cookieOf } from "../app/device/cookies.ts";

/** Whether the app is reached over TLS: no other host and no page without TLS can set the cookie then. */
export type Over = { secure: boolean };

/** A cookie of the app alone, which no script reads. Values are cookie-safe text; `seconds` until it ends. */
export function ownCookie({
  name,
  sameSite,
  seconds,
}: {
  name: string;
  /** `Strict`: no page of another site brings it along; `Lax`: one that is opened does. */
  sameSite: "Lax" | "Strict";
  seconds: number;
}) {
  const nameOf = (secure: boolean): string => (secure ? `__Host-${name}` : name);
  const written = (value: string, age: number, { secure }: Over): string =>
    `${nameOf(secure)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`;
  return {
    of: (request: Request, { secure }: Over): string | null =>
      cookieOf(request.headers.get("cookie"), nameOf(secure)),
    set: (value: string, over: Over): string => written(value, seconds, over),
    clear: (over: Over): string => written("", 0, over),
  };
}

/** One whose value is an opaque token of the read API's. */
export function tokenCookie(given: Parameters<typeof ownCookie>[0]) {
  const cookie = ownCookie(given);
  return {
    ...cookie,
    of: (request: Request, over: Over): string | null => {
      const value = cookie.of(request, over);
      return value !== null && /^[\w-]{43}$/.test(value) ? value : null;
    },
  };
}
