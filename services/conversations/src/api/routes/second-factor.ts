import type { RequestHandler, Response } from "express";
import {
  beginSecondFactorBody,
  confirmSecondFactorBody,
  endSecondFactorBody,
  problemOf,
  secondStepBody,
  type BegunSecondFactor,
  type ProblemCode,
  type RecoveryCodes,
  type SignedIn,
} from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Dependencies } from "./sessions.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

/** `POST /sessions/second` */
export function signInByCodeRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const signIn = await accounts.secondFactor.signIn(await bodyOf(request, secondStepBody, budget));
    if (signIn.kind === "signed in") {
      const { token, account } = signIn;
      response.status(201).json({ token, account } satisfies SignedIn);
    } else if (signIn.kind === "ended") sendProblem(response, problemOf("SECOND_STEP_ENDED"));
    else refuse(response, signIn);
  };
}

/** `GET /sessions/current/second-factor` */
export function secondFactorRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { account } = await currentOf(request, accounts);
    response.json(await accounts.secondFactor.state(account));
  };
}

/** `POST /sessions/current/second-factor/begin` */
export function beginSecondFactorRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { account } = await currentOf(request, accounts);
    const given = await bodyOf(request, beginSecondFactorBody, budget);
    const begun = await accounts.secondFactor.begin(account, given);
    if (begun.kind !== "begun") {
      refuse(response, begun);
      return;
    }
    const { uri, secret } = begun;
    response.status(201).json({ uri, secret } satisfies BegunSecondFactor);
  };
}

/** `POST /sessions/current/second-factor/confirm` */
export function confirmSecondFactorRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { account } = await currentOf(request, accounts);
    const given = await bodyOf(request, confirmSecondFactorBody, budget);
    const confirmed = await accounts.secondFactor.confirm(account, given);
    if (confirmed.kind !== "on") refuse(response, confirmed);
    else response.status(201).json({ recovery_codes: confirmed.codes } satisfies RecoveryCodes);
  };
}

/** `POST /sessions/current/second-factor/end` */
export function endSecondFactorRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { account } = await currentOf(request, accounts);
    const given = await bodyOf(request, endSecondFactorBody, budget);
    const ended = await accounts.secondFactor.end(account, given);
    if (ended.kind === "ended") response.status(204).end();
    else refuse(response, ended);
  };
}

const PROBLEM_OF = {
  refused: "PASSWORD_WRONG",
  "wrong code": "CODE_WRONG",
  on: "SECOND_FACTOR_ON",
  off: "SECOND_FACTOR_OFF",
  limited: "TOO_MANY_ATTEMPTS",
  busy: "TOO_MANY_SIGN_INS",
} as const satisfies Record<string, ProblemCode>;

function refuse(response: Response, refused: { kind: keyof typeof PROBLEM_OF; retryAfter?: number }): void {
  const { kind, retryAfter } = refused;
  sendProblem(response, problemOf(PROBLEM_OF[kind]), retryAfter === undefined ? {} : { retryAfter });
}
