import { redirect, type AppLoadContext } from "@remix-run/node";
import { secondStepCookie } from "../../server/second-step-cookie.ts";
import { codePath, signInPath } from "../names/paths.ts";
import { ownPath } from "./own-path.server.ts";

/** After a right password: to the page that asks for the code. */
export function askForCode(
  step: string,
  back: string | null,
  { secureCookies: secure }: AppLoadContext,
): Response {
  return redirect(codePath(ownPath(back)), {
    status: 303,
    headers: { "Set-Cookie": secondStepCookie.set(step, { secure }) },
  });
}

/** The password is too long ago, or was used: from the beginning. */
export function fromTheBeginning(back: string, { secureCookies: secure }: AppLoadContext): Response {
  return redirect(signInPath(back, { again: true }), {
    status: 303,
    headers: { "Set-Cookie": secondStepCookie.clear({ secure }) },
  });
}
