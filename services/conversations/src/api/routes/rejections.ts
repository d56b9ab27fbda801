import type { RequestHandler } from "express";
import { problemOf, receiptPath, rejectionsQuery, type Receipt } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Store } from "../../store/connect.ts";
import { listRejections } from "../../store/queries/rejections.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import type { Replay } from "../../replay.ts";
import { readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";

/** `GET /rejections` */
export function rejectionsRoute({
  store,
  graceMs,
  now,
}: {
  store: Store;
  graceMs: number;
  now: () => number;
}): RequestHandler {
  return async (request, response) => {
    const { conversation, reason: reasons, limit, cursor } = readQuery(rejectionsQuery, request);
    const before = cursor === undefined ? undefined : readCursor(receiptKey, cursor, "cursor");
    const overdue = overdueReceipt({ now: now(), graceMs });
    const page = await listRejections(store.read, { conversation, reasons, limit, before, overdue });
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** `POST /rejections/{receipt}/replay` */
export function replayRoute({ replay }: { replay: (receipt: Receipt) => Promise<Replay> }): RequestHandler {
  return async (request, response) => {
    const { receipt } = readParameters(receiptPath, request.params);
    readQuery(noQuery, request);
    const answer = await replay(receipt);
    switch (answer.kind) {
      case "queued":
        response.status(202).json({ status: "accepted", receipt });
        return;
      case "unknown":
        sendProblem(response, problemOf("REJECTION_NOT_FOUND"));
        return;
      case "not_replayable":
        sendProblem(response, problemOf("NOT_REPLAYABLE", { detail: `the reason is ${answer.reason}` }));
        return;
      default:
        answer satisfies never;
    }
  };
}
