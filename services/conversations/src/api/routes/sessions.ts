import type { RequestHandler, Response } from "express";
import {
  acceptLinkBody,
  changePasswordBody,
  linkBody,
  problemOf,
  sessionPath,
  signInBody,
  type CurrentSession,
  type SecondStep,
  type SignedIn,
} from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import { sendProblem } from "@fio/service/http";
import type { Accounts } from "../../accounts/accounts.ts";
import type { SignIn } from "../../accounts/sign-in.ts";
import { readParameters } from "../parameters.ts";
import { sightOf } from "../sight.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

export type Dependencies = { accounts: Accounts; budget: BodyBudget };

/** `POST /sessions` */
export function signInRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const given = await bodyOf(request, signInBody, budget);
    answerSignIn(response, await accounts.signIn(given), () => problemOf("SIGN_IN_REFUSED"));
  };
}

/** `POST /sessions/current/password` */
export function changePasswordRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const current = await currentOf(request, accounts);
    const changed = await accounts.changePassword(current, await bodyOf(request, changePasswordBody, budget));
    if (changed.kind === "common") sendProblem(response, problemOf("PASSWORD_COMMON"));
    else answerSignIn(response, changed, () => problemOf("PASSWORD_WRONG"));
  };
}

/** `GET /sessions` */
export function sessionsRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    response.json(await accounts.sessions(await currentOf(request, accounts)));
  };
}

/** `GET /sessions/current` */
export function currentRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { account, session } = await currentOf(request, accounts);
    const sees = sightOf(response) === null ? "all" : "own";
    response.json({ account, session_id: session.id, sees } satisfies CurrentSession);
  };
}

/** `DELETE /sessions/{id}` */
export function endSessionRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    const current = await currentOf(request, accounts);
    const { id } = readParameters(sessionPath, request.params);
    const ended = await accounts.endSession(current, id === "current" ? current.session.id : id);
    if (ended) response.status(204).end();
    else sendProblem(response, problemOf("SESSION_NOT_FOUND"));
  };
}

/** `POST /sign-in-links/look-up` */
export function lookUpLinkRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { key } = await bodyOf(request, linkBody, budget);
    const account = await accounts.linkOf(key);
    if (account === null) sendProblem(response, problemOf("LINK_USED"));
    else response.json(account);
  };
}

/** `POST /sign-in-links/accept` */
export function acceptLinkRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const given = await bodyOf(request, acceptLinkBody, budget);
    const accepted = await accounts.acceptLink(given);
    if (accepted.kind === "common") sendProblem(response, problemOf("PASSWORD_COMMON"));
    else answerSignIn(response, accepted, () => problemOf("LINK_USED"));
  };
}

export function answerSignIn(
  response: Response,
  signIn: SignIn,
  refusal: () => ReturnType<typeof problemOf>,
): void {
  switch (signIn.kind) {
    case "signed in": {
      const { token, account } = signIn;
      response.status(201).json({ token, account } satisfies SignedIn);
      return;
    }
    case "code":
      response.status(202).json({ step: signIn.step } satisfies SecondStep);
      return;
    case "refused":
      sendProblem(response, refusal());
      return;
    case "limited":
      sendProblem(response, problemOf("TOO_MANY_ATTEMPTS"), { retryAfter: signIn.retryAfter });
      return;
    case "busy":
      sendProblem(response, problemOf("TOO_MANY_SIGN_INS"), { retryAfter: signIn.retryAfter });
      return;
    default:
      signIn satisfies never;
  }
}
