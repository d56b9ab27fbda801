import type { RequestHandler } from "express";
import { problemOf, receiptPath, rejectionsQuery } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import { listRejections, readRejection } from "../../store/queries/rejections.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";

type Dependencies = { reads: Reads; graceMs: number; now: () => number };

/** `GET /rejections` */
export function rejectionsRoute({ reads, graceMs, now }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { conversation, reason: reasons, unresolved, limit, cursor } = readQuery(rejectionsQuery, request);
    const before = cursor === undefined ? undefined : readCursor(receiptKey, cursor, "cursor");
    const overdue = overdueReceipt({ now: now(), graceMs });
    const sight = sightOf(response);
    const { value: page } = await reads(({ read }) =>
      listRejections(read, { conversation, reasons, unresolved, limit, before, overdue, sight }),
    );
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** `GET /rejections/{receipt}` */
export function rejectionRoute({ reads, graceMs, now }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { receipt } = readParameters(receiptPath, request.params);
    readQuery(noQuery, request);
    const overdue = overdueReceipt({ now: now(), graceMs });
    const sight = sightOf(response);
    const { value: rejection } = await reads(({ read }) => readRejection(read, { receipt, overdue, sight }));
    if (rejection === null) sendProblem(response, problemOf("REJECTION_NOT_FOUND"));
    else response.json(rejection);
  };
}
