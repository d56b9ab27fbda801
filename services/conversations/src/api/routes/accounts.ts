import type { Request, RequestHandler } from "express";
import { accountChangePath, newAccount, problemOf, type Account } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import { ProblemError, sendProblem } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import type { Accounts } from "../../accounts/accounts.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

type Dependencies = { accounts: Accounts; budget: BodyBudget; log: Log };

/** `GET /accounts` */
export function accountsRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    await adminOf(request, accounts);
    response.json(await accounts.administration.list());
  };
}

/** `GET /agents` */
export function agentsRoute({ accounts }: Dependencies): RequestHandler {
  return async (request, response) => {
    readQuery(noQuery, request);
    await currentOf(request, accounts);
    response.json(await accounts.administration.active());
  };
}

/** `POST /accounts` */
export function addAccountRoute({ accounts, budget, log }: Dependencies): RequestHandler {
  return async (request, response) => {
    const admin = await adminOf(request, accounts);
    const added = await accounts.administration.add(await bodyOf(request, newAccount, budget), admin);
    if (added.kind === "exists") {
      sendProblem(response, problemOf("ACCOUNT_EXISTS"));
      return;
    }
    const { account, key } = added;
    log.info({ by: admin.id, account: account.id, role: account.role }, "account added");
    response.status(201).json({ account, key });
  };
}

/** `POST /accounts/{id}/{change}` */
export function changeAccountRoute({ accounts, log }: Dependencies): RequestHandler {
  return async (request, response) => {
    const admin = await adminOf(request, accounts);
    const { id, change } = readParameters(accountChangePath, request.params);
    const changed = await accounts.administration.change(id, change, admin);
    switch (changed.kind) {
      case "changed":
        log.info({ by: admin.id, account: id, change }, "account changed");
        response.json({ key: changed.key });
        return;
      case "unknown":
        sendProblem(response, problemOf("ACCOUNT_NOT_FOUND"));
        return;
      case "disabled":
        sendProblem(response, problemOf("ACCOUNT_DISABLED"));
        return;
      case "own":
        sendProblem(response, problemOf("ACCOUNT_OWN"));
        return;
      default:
        changed satisfies never;
    }
  };
}

/** The bearer token is not enough: somebody who is signed in, and an admin, has to ask. */
export async function adminOf(request: Request, accounts: Accounts): Promise<Account> {
  const { account } = await currentOf(request, accounts);
  if (account.role !== "admin") throw new ProblemError(problemOf("NOT_AN_ADMIN"));
  return account;
}
