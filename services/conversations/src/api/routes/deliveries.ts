import type { Request, RequestHandler, Response } from "express";
import { deliveriesQuery, messagePath, problemOf, type AuditAction } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Retry } from "../../store/retry-delivery.ts";
import type { Seen } from "../../store/seen-deliveries.ts";
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

type Acting = { reads: Reads; accounts: Accounts };

/** `POST /deliveries/{id}/retry` */
export function retryRoute({
  retry,
  ...acting
}: Acting & { retry: (message: string) => Promise<Retry> }): RequestHandler {
  return async (request, response) => {
    const message = await messageOf(request, response, { ...acting, action: "retry" });
    if (message === null) return;
    const retried = await retry(message);
    if (retried.kind === "waiting") response.status(202).json(retried.delivery);
    else sendProblem(response, problemOf(CODES[retried.kind]));
  };
}

/** `POST /deliveries/{id}/seen` */
export function seenRoute({
  markSeen,
  ...acting
}: Acting & { markSeen: (message: string) => Promise<Seen> }): RequestHandler {
  return async (request, response) => {
    const message = await messageOf(request, response, { ...acting, action: "delivery_seen" });
    if (message === null) return;
    const marked = await markSeen(message);
    if (marked.kind === "seen") response.json(marked.delivery);
    else sendProblem(response, problemOf(CODES[marked.kind]));
  };
}

const CODES = { unknown: "DELIVERY_NOT_FOUND", not_failed: "NOT_FAILED" } as const;

/** The message that something is to be done about, written into the log; `null`: whoever asks may not see it, and was told so. */
async function messageOf(
  request: Request,
  response: Response,
  { reads, accounts, action }: Acting & { action: AuditAction },
): Promise<string | null> {
  const { id } = readParameters(messagePath, request.params);
  readQuery(noQuery, request);
  const sight = sightOf(response);
  if (sight !== null && (await reads(({ read }) => isHiddenDelivery(read, sight, id))).value) {
    sendProblem(response, problemOf("DELIVERY_NOT_FOUND"));
    return null;
  }
  await accounts.audit({ action, actor: await whoOf(request, accounts), detail: id });
  return id;
}
