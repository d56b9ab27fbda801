import type { RequestHandler } from "express";
import { deliveriesQuery, messagePath, problemOf } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Retry } from "../../store/deliveries.ts";
import { isHiddenDelivery, listFailed } from "../../store/queries/deliveries.ts";
import { readCursor, timeKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";
import { whoOf } from "./signing-in.ts";

/** `GET /deliveries` */
export function deliveriesRoute({ reads }: { reads: Reads }): RequestHandler {
  return async (request, response) => {
    const { limit, cursor } = readQuery(deliveriesQuery, request);
    const before = cursor === undefined ? undefined : readCursor(timeKey, cursor, "cursor");
    const { value: page } = await reads(({ read }) =>
      listFailed(read, { before, limit, sight: sightOf(response) }),
    );
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** `POST /deliveries/{id}/retry` */
export function retryRoute({
  reads,
  retry,
  accounts,
}: {
  reads: Reads;
  retry: (message: string) => Promise<Retry>;
  accounts: Accounts;
}): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(messagePath, request.params);
    readQuery(noQuery, request);
    const sight = sightOf(response);
    if (sight !== null && (await reads(({ read }) => isHiddenDelivery(read, sight, id))).value) {
      sendProblem(response, problemOf("DELIVERY_NOT_FOUND"));
      return;
    }
    await accounts.audit({ action: "retry", actor: await whoOf(request, accounts), detail: id });
    const retried = await retry(id);
    switch (retried.kind) {
      case "waiting":
        response.status(202).json(retried.delivery);
        return;
      case "unknown":
        sendProblem(response, problemOf("DELIVERY_NOT_FOUND"));
        return;
      case "not_failed":
        sendProblem(response, problemOf("NOT_FAILED"));
        return;
      default:
        retried satisfies never;
    }
  };
}
