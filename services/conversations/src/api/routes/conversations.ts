import type { RequestHandler } from "express";
import { historyQuery, idPath, listQuery, problemOf, threadQuery } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Store } from "../../store/connect.ts";
import { listConversations } from "../../store/queries/conversations.ts";
import { readHistory } from "../../store/queries/history.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { readThread } from "../../store/queries/thread.ts";
import { activityKey, messageKey, readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readParameters, readQuery } from "../parameters.ts";
import { namePosition, type Positioned } from "../snapshot.ts";

type Dependencies = { store: Store; live: Positioned; graceMs: number; now: () => number };

/** `GET /conversations/` */
export function listRoute({ store, live }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { state, limit, cursor } = readQuery(listQuery, request);
    const before = cursor === undefined ? undefined : readCursor(activityKey, cursor, "cursor");
    namePosition(response, live);
    const page = await listConversations(store.read, { state, limit, before });
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** `GET /conversations/{id}/` */
export function threadRoute({ store, live }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    const { limit, before: cursor } = readQuery(threadQuery, request);
    const before = cursor === undefined ? undefined : readCursor(messageKey, cursor, "before");
    namePosition(response, live);
    const thread = await readThread(store.read, { id, limit, before });
    if (thread === null) {
      sendProblem(response, problemOf("CONVERSATION_NOT_FOUND"));
      return;
    }
    linkPage(request, response, { rel: "prev", parameter: "before", key: thread.previous });
    response.json(thread.conversation);
  };
}

/** `GET /conversations/{id}/events` */
export function historyRoute({ store, graceMs, now }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    const { limit, cursor } = readQuery(historyQuery, request);
    const before = cursor === undefined ? undefined : readCursor(receiptKey, cursor, "cursor");
    const overdue = overdueReceipt({ now: now(), graceMs });
    const page = await readHistory(store.read, { id, limit, before, overdue });
    if (page === null) {
      sendProblem(response, problemOf("CONVERSATION_NOT_FOUND"));
      return;
    }
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}
