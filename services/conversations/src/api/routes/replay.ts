import type { RequestHandler } from "express";
import { problemOf, receiptAt, receiptPath, replayQuery, timestampOf, type Receipt } from "@fio/contracts";
import { ProblemError, sendProblem } from "@fio/service/http";
import type { ReceiptRange, Replay, ReplayStep } from "../../replay.ts";
import { isHiddenRefusal } from "../../store/queries/rejections.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";
import { whoOf } from "./signing-in.ts";

/** `POST /rejections/{receipt}/replay` */
export function replayRoute({
  reads,
  replay,
  accounts,
}: {
  reads: Reads;
  replay: (receipt: Receipt) => Promise<Replay>;
  accounts: Accounts;
}): RequestHandler {
  return async (request, response) => {
    const { receipt } = readParameters(receiptPath, request.params);
    readQuery(noQuery, request);
    const sight = sightOf(response);
    if (sight !== null && (await reads(({ read }) => isHiddenRefusal(read, sight, receipt))).value) {
      sendProblem(response, problemOf("REJECTION_NOT_FOUND"));
      return;
    }
    await accounts.audit({ action: "replay", actor: await whoOf(request, accounts), detail: receipt });
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

export type ReplayMany = (step: { range: ReceiptRange; limit: number }) => Promise<ReplayStep>;

/** `POST /rejections/replay`. `now` in milliseconds since 1970. */
export function replayManyRoute({
  replayMany,
  now,
  accounts,
}: {
  replayMany: ReplayMany;
  accounts: Accounts;
  now: () => number;
}): RequestHandler {
  return async (request, response) => {
    // It is of whatever conversations there are.
    if (sightOf(response) !== null) throw new ProblemError(problemOf("NOT_AN_ADMIN"));
    const query = readQuery(replayQuery, request);
    if (query.reason !== "INTERNAL_ERROR") {
      sendProblem(response, problemOf("NOT_REPLAYABLE", { detail: `the reason is ${query.reason}` }));
      return;
    }
    const after = query.cursor === undefined ? undefined : readCursor(receiptKey, query.cursor, "cursor");
    const range = {
      from: after?.[0] ?? receiptAt(query.from),
      // What fails while this goes on is for another call, or it might never end.
      to: receiptAt(query.to ?? timestampOf(now())),
    };
    const actor = await whoOf(request, accounts);
    await accounts.audit({ action: "replay", actor, detail: `${range.from}-${range.to}` });
    const { queued, next } = await replayMany({ range, limit: query.limit });
    linkPage(request, response, { rel: "next", parameter: "cursor", key: next === null ? null : [next] });
    response.status(202).json({ status: "accepted", queued, more: next !== null });
  };
}
