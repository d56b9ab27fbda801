import type { RequestHandler } from "express";
import { rejectionsQuery } from "@fio/contracts";
import type { Store } from "../../store/connect.ts";
import { listRejections } from "../../store/queries/rejections.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readQuery } from "../parameters.ts";

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
