import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import {
  acceptLinkBody,
  faultsOf,
  linkBody,
  problemOf,
  sessionPath,
  SESSION_HEADER,
  signInBody,
  type CurrentSession,
  type SignedIn,
} from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import { ProblemError, sendProblem } from "@fio/service/http";
import { readBody } from "@fio/service/read-body";
import type { Accounts, Current, SignIn } from "../../accounts/accounts.ts";
import { invalidParameter, readParameters } from "../parameters.ts";

const MAX_BYTES = 16 * 1024;

type Dependencies = { accounts: Accounts; budget: BodyBudget };

/** `POST /sessions` */
export function signInRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const given = await bodyOf(request, signInBody, budget);
    answerSignIn(response, await accounts.signIn(given), () => problemOf("SIGN_IN_REFUSED"));
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
    response.json({ account, session_id: session.id } satisfies CurrentSession);
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

function answerSignIn(response: Response, signIn: SignIn, refusal: () => ReturnType<typeof problemOf>): void {
  switch (signIn.kind) {
    case "signed in": {
      const { token, account } = signIn;
      response.status(201).json({ token, account } satisfies SignedIn);
      return;
    }
    case "refused":
      sendProblem(response, refusal());
      return;
    case "limited":
      sendProblem(response, problemOf("TOO_MANY_ATTEMPTS"), { retryAfter: signIn.retryAfter });
      return;
    default:
      signIn satisfies never;
  }
}

async function currentOf(request: Request, accounts: Accounts): Promise<Current> {
  const token = request.headers[SESSION_HEADER];
  const current = typeof token === "string" ? await accounts.current(token) : null;
  if (current === null) throw new ProblemError(problemOf("SESSION_ENDED"));
  return current;
}

async function bodyOf<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  budget: BodyBudget,
): Promise<z.output<Schema>> {
  const client = request.socket.remoteAddress ?? "unknown";
  const body = await readBody(request, { maxBytes: MAX_BYTES, budget, client });
  // Nobody is left to answer.
  if (body.kind === "gone") throw new ProblemError(problemOf("MALFORMED_REQUEST"));
  if (body.kind === "refused") {
    throw new ProblemError(
      body.problem,
      body.retryAfter === undefined ? {} : { retryAfter: body.retryAfter },
    );
  }
  const parsed = schema.safeParse(jsonOf(body.bytes));
  if (!parsed.success) throw invalidParameter(faultsOf(parsed.error));
  return parsed.data;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new ProblemError(problemOf("MALFORMED_JSON"));
  }
}
