import type { RequestHandler } from "express";
import { eventPath, problemOf } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Store } from "../../store/connect.ts";
import { readEventOutcome } from "../../store/queries/event-outcome.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";

/** `GET /events/{type}/{id}` */
export function eventRoute({
  store,
  graceMs,
  now,
}: {
  store: Store;
  graceMs: number;
  now: () => number;
}): RequestHandler {
  return async (request, response) => {
    const { type, id } = readParameters(eventPath, request.params);
    readQuery(noQuery, request);
    const overdue = overdueReceipt({ now: now(), graceMs });
    const outcome = await readEventOutcome(store.read, { type, id, overdue });
    if (outcome === null) sendProblem(response, problemOf("EVENT_NOT_FOUND"));
    else response.json(outcome);
  };
}
