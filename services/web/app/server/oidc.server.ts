import { redirect, type AppLoadContext } from "@remix-run/node";
import type { OidcFault } from "../../server/accounts.ts";
import { oidcCookie } from "../../server/oidc-cookie.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import { ownPath } from "./own-path.server.ts";

/** Where the issuer leads back to, as it is registered there. */
export const redirectUriOf = (request: Request, { publicUrl }: AppLoadContext): string =>
  new URL(PATHS.oidcCallback, publicUrl ?? request.url).href;

/** To the form, which says why. What the issuer brought does not stay in the address. */
export function notIn(
  fault: OidcFault,
  back: string | null,
  { secureCookies: secure }: AppLoadContext,
): Response {
  const where = back === null ? null : ownPath(back);
  const to = withQuery(PATHS.signIn, { oidc: fault, back: where === PATHS.home ? null : where });
  // What ended may be another attempt than the browser's own: a stranger's link, or another tab. That goes on until it is too old.
  const headers: Record<string, string> =
    fault === "ended" ? {} : { "Set-Cookie": oidcCookie.clear({ secure }) };
  return redirect(to, { status: 303, headers });
}
