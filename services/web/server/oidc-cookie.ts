import { OIDC_FLOW_SECONDS } from "@fio/contracts";
import { ownCookie, type Over } from "./own-cookie.ts";

const cookie = ownCookie({ name: "fio_oidc", sameSite: "Lax", seconds: OIDC_FLOW_SECONDS });

/** By it the browser that began to sign in by an issuer is known again when it comes back, and where it wanted to go. */
export const oidcCookie = {
  ...cookie,
  of: (request: Request, over: Over): { flow: string; back: string | null } | null => {
    const [, flow, back = ""] = /^([\w-]{43})\.([\w-]*)$/.exec(cookie.of(request, over) ?? "") ?? [];
    if (flow === undefined) return null;
    return { flow, back: back === "" ? null : Buffer.from(back, "base64url").toString() };
  },
  set: ({ flow, back }: { flow: string; back: string | null }, over: Over): string => {
    // Whoever wants to go that far goes to the beginning.
    const place = back === null || back.length > 1_000 ? "" : Buffer.from(back).toString("base64url");
    return cookie.set(`${flow}.${place}`, over);
  },
};
