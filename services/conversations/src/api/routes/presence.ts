import type { RequestHandler } from "express";
import { idPath, presenceBody, problemOf } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import { sendProblem } from "@fio/service/http";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Presence } from "../live/presence.ts";
import { isHidden } from "../../store/queries/sight.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

/** `POST /conversations/{id}/presence` */
export function presenceRoute({
  reads,
  presence,
  accounts,
  budget,
}: {
  reads: Reads;
  presence: Presence;
  accounts: Accounts;
  budget: BodyBudget;
}): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    readQuery(noQuery, request);
    const { account } = await currentOf(request, accounts);
    const sight = sightOf(response);
    if (sight !== null && (await reads(({ read }) => isHidden(read, sight, id))).value) {
      sendProblem(response, problemOf("CONVERSATION_NOT_FOUND"));
      return;
    }
    response.json(await presence.note(id, account, await bodyOf(request, presenceBody, budget)));
  };
}
