import type { LoaderFunctionArgs } from "@remix-run/node";
import { oidcCookie } from "../../server/oidc-cookie.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { notIn, redirectUriOf } from "../server/oidc.server.ts";
import { deviceOf, startSession } from "../server/session.server.ts";

/** More is no answer of an issuer. */
const LONGEST = 7_000;

/** Where the issuer leads the browser back to, with a code or with a refusal. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const began = oidcCookie.of(request, { secure: context.secureCookies });
  if (context.oidcName === null) return notIn("off", null, context);
  const { search } = new URL(request.url);
  if (began === null || search.length > LONGEST) return notIn("ended", began?.back ?? null, context);
  const { flow, back } = began;
  const url = `${redirectUriOf(request, context)}${search}`;
  try {
    const finished = await context.accounts.finishOidc({ flow, url, ...deviceOf(request, context) });
    if (typeof finished === "string") return notIn(finished, back, context);
    const entered = startSession(finished.token, back, context);
    entered.headers.append("Set-Cookie", oidcCookie.clear({ secure: context.secureCookies }));
    return entered;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return notIn("unreached", back, context);
  }
}
