import { redirect, type AppLoadContext } from "@remix-run/node";
import { sessionCookie } from "../../server/session-cookie.ts";
import { PATHS } from "../names/paths.ts";
import { ownPath } from "./own-path.server.ts";

export function startSession(
  token: string,
  back: string | null,
  { secureCookies: secure }: AppLoadContext,
): Response {
  return redirect(ownPath(back), {
    status: 303,
    headers: { "Set-Cookie": sessionCookie.set(token, { secure }) },
  });
}

/** Ends it where it is known, and then in this browser. */
export async function endSession(context: AppLoadContext): Promise<Response> {
  const { session, secureCookies: secure } = context;
  if (session !== null) {
    context.door.forget(session);
    await context.accounts.end(session, "current");
    context.door.forget(session);
  }
  return redirect(PATHS.signIn, { status: 303, headers: { "Set-Cookie": sessionCookie.clear({ secure }) } });
}

/** As it signs in: what sign-in is limited by, and what the list of sessions shows. */
export const deviceOf = (request: Request, { client }: AppLoadContext) => ({
  address: client.slice(0, 64),
  browser: (request.headers.get("user-agent") ?? "").slice(0, 200),
});
