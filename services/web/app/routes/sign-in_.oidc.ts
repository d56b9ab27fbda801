import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { oidcCookie } from "../../server/oidc-cookie.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { signInPath } from "../names/paths.ts";
import { notIn, redirectUriOf } from "../server/oidc.server.ts";
import { ownPath } from "../server/own-path.server.ts";
import { deviceOf } from "../server/session.server.ts";

/** Sends the browser to the issuer of identities. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const back = ownPath(new URL(request.url).searchParams.get("back"));
  if (!context.signInRequired || context.agent !== null) throw redirect(back);
  // A page of another site leads to the form, and begins nothing.
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (context.oidcName === null || !["none", "same-origin"].includes(site)) throw redirect(signInPath(back));
  const { address } = deviceOf(request, context);
  try {
    const begun = await context.accounts.beginOidc({
      redirect_uri: redirectUriOf(request, context),
      address,
    });
    if (typeof begun === "string") return notIn(begun, back, context);
    const { flow, url } = begun;
    const cookie = oidcCookie.set({ flow, back }, { secure: context.secureCookies });
    return redirect(url, { status: 303, headers: { "Set-Cookie": cookie } });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return notIn("unreached", back, context);
  }
}
