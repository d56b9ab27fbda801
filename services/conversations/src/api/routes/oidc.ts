import type { RequestHandler } from "express";
import { beginOidcBody, finishOidcBody, problemOf, type BegunOidc, type ProblemCode } from "@fio/contracts";
import { ProblemError, sendProblem } from "@fio/service/http";
import type { Oidc, OidcSignIn } from "../../accounts/oidc/sign-in.ts";
import type { SignIn } from "../../accounts/sign-in.ts";
import { answerSignIn, type Dependencies } from "./sessions.ts";
import { bodyOf } from "./signing-in.ts";

/** `POST /sign-in-oidc/begin` */
export function beginOidcRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const oidc = isSet(accounts.oidc);
    const { redirect_uri: redirectUri, address } = await bodyOf(request, beginOidcBody, budget);
    const begun = await oidc.begin({ redirectUri, address });
    if (begun.kind === "begun") {
      const { url, flow } = begun;
      response.status(201).json({ url, flow } satisfies BegunOidc);
    } else if (begun.kind === "limited" || begun.kind === "busy") {
      answerSignIn(response, begun, () => problemOf("SIGN_IN_REFUSED"));
    } else sendProblem(response, problemOf(PROBLEM_OF[begun.kind]));
  };
}

/** `POST /sign-in-oidc/finish` */
export function finishOidcRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const oidc = isSet(accounts.oidc);
    const finished = await oidc.finish(await bodyOf(request, finishOidcBody, budget));
    if (finished.kind in PROBLEM_OF) {
      sendProblem(response, problemOf(PROBLEM_OF[finished.kind as keyof typeof PROBLEM_OF]));
    } else answerSignIn(response, finished as SignIn, () => problemOf("SIGN_IN_REFUSED"));
  };
}

/** Throws the problem of an issuer that is not set. */
function isSet(oidc: Oidc | null): Oidc {
  if (oidc === null) throw new ProblemError(problemOf("OIDC_OFF"));
  return oidc;
}

const PROBLEM_OF = {
  ended: "OIDC_ENDED",
  denied: "OIDC_DENIED",
  away: "OIDC_AWAY",
  failed: "OIDC_FAILED",
  "no account": "OIDC_NO_ACCOUNT",
  unverified: "OIDC_UNVERIFIED",
} as const satisfies Record<Exclude<OidcSignIn["kind"], SignIn["kind"]>, ProblemCode>;
