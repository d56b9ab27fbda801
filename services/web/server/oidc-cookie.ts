import { OIDC_FLOW_SECONDS } from "@fio/contracts";
import { cookieOf } from "../app/device/cookies.ts";

const nameOf = (secure: boolean): string => (secure ? "__Host-fio_oidc" : "fio_oidc");

const written = (value: string, { secure, seconds }: { secure: boolean; seconds: number }): string =>
  `${nameOf(secure)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;

/**
 * By it the browser that began to sign in by an issuer is known again when it comes back, and where it wanted to go. No script
 * reads it, and nothing of another site brings it along but a page that is opened.
 */
export const oidcCookie = {
  of: (request: Request, { secure }: { secure: boolean }): { flow: string; back: string | null } | null => {
    const value = cookieOf(request.headers.get("cookie"), nameOf(secure));
    const [, flow, back = ""] = /^([\w-]{43})\.([\w-]*)$/.exec(value ?? "") ?? [];
    if (flow === undefined) return null;
    return { flow, back: back === "" ? null : Buffer.from(back, "base64url").toString() };
  },
  set: ({ flow, back }: { flow: string; back: string | null }, { secure }: { secure: boolean }): string => {
    // Whoever wants to go that far goes to the beginning.
    const place = back === null || back.length > 1_000 ? "" : Buffer.from(back).toString("base64url");
    return written(`${flow}.${place}`, { secure, seconds: OIDC_FLOW_SECONDS });
  },
  clear: ({ secure }: { secure: boolean }): string => written("", { secure, seconds: 0 }),
};
