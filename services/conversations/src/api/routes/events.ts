import type { RequestHandler } from "express";
import { eventPath, problemOf, type ErasedEvent } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import { readEventOutcome } from "../../store/queries/event-outcome.ts";
import { isErasedEvent } from "../../store/queries/erasures.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";

/** `GET /events/{type}/{id}` */
export function eventRoute({
  reads,
  graceMs,
  now,
}: {
  reads: Reads;
  graceMs: number;
  now: () => number;
}): RequestHandler {
  return async (request, response) => {
    const { type, id } = readParameters(eventPath, request.params);
    readQuery(noQuery, request);
    const overdue = overdueReceipt({ now: now(), graceMs });
    const sight = sightOf(response);
    const { value: outcome } = await reads(async ({ read }) => {
      const known = await readEventOutcome(read, { type, id, overdue, sight });
      if (known !== null || !(await isErasedEvent(read, { type, id }))) return known;
      return { type, id, outcome: "erased" } satisfies ErasedEvent;
    });
    if (outcome === null) sendProblem(response, problemOf("EVENT_NOT_FOUND"));
    else response.json(outcome);
  };
}
