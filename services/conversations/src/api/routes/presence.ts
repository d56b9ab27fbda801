import type { RequestHandler } from "express";
import { idPath, presenceBody } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Presence } from "../live/presence.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

/** `POST /conversations/{id}/presence` */
export function presenceRoute({
  presence,
  accounts,
  budget,
}: {
  presence: Presence;
  accounts: Accounts;
  budget: BodyBudget;
}): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    readQuery(noQuery, request);
    const { account } = await currentOf(request, accounts);
    response.json(await presence.note(id, account, await bodyOf(request, presenceBody, budget)));
  };
}
