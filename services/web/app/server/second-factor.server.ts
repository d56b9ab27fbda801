import { data, redirect, type AppLoadContext } from "@remix-run/node";
import { encode } from "uqr";
import { isUnavailable } from "../../server/unavailable.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import type { FactorAnswer } from "../sign-in/second-factor.tsx";
import { textOf } from "./form.server.ts";
import { deviceOf } from "./session.server.ts";

/** What the page tells after it was switched off: a reload posts nothing again. */
export const FACTOR_OFF = "factor-off";

/** Begins to switch the second factor on, does so, or switches it off. The code is drawn here: no browser loads what draws it. */
export async function changeFactor(request: Request, form: FormData, context: AppLoadContext) {
  const { session, accounts } = context;
  if (session === null) return redirect(PATHS.account, { status: 303 });
  const answer = (factor: FactorAnswer, status = 200) => data({ factor }, { status });
  const { address } = deviceOf(request, context);
  const [password, code, uri] = [textOf(form, "password"), textOf(form, "code"), textOf(form, "uri")];
  const act = textOf(form, "factor");
  try {
    if (act === "begin") {
      const begun = await accounts.beginFactor(session, { password, address });
      if (typeof begun === "string") return answer({ kind: "fault", of: "begin", fault: begun }, 400);
      return answer(begunOf(begun.uri, null));
    }
    if (act === "confirm") {
      const on = await accounts.confirmFactor(session, { code, address });
      if (typeof on !== "string") return answer({ kind: "codes", codes: on.recovery_codes });
      // As long as it can be confirmed it stays before the agent's eyes.
      if ((on === "code" || on === "limited") && uri.startsWith("otpauth://totp/"))
        return answer(begunOf(uri, on), 400);
      return answer({ kind: "fault", of: "begin", fault: on }, 400);
    }
    const ended = await accounts.endFactor(session, { password, code, address });
    if (ended !== null) return answer({ kind: "fault", of: "end", fault: ended }, 400);
    return redirect(withQuery(PATHS.account, { changed: FACTOR_OFF }), { status: 303 });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    if (act === "confirm" && uri.startsWith("otpauth://totp/")) return answer(begunOf(uri, "away"), 503);
    return answer({ kind: "fault", of: act === "end" ? "end" : "begin", fault: "away" }, 503);
  }
}

/** `uri` may come back from the form: it is drawn for whoever posted it, and for nothing else. */
function begunOf(
  uri: string,
  fault: Extract<FactorAnswer, { kind: "begun" }>["fault"],
): Extract<FactorAnswer, { kind: "begun" }> {
  const secret = new URL(uri.slice(0, 500)).searchParams.get("secret") ?? "";
  const { data: rows, size } = encode(uri.slice(0, 500), { ecc: "M", border: 4 });
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { kind: "begun", uri, secret, qr: { size, path }, fault };
}
