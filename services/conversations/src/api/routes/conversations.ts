import type { Request, RequestHandler } from "express";
import type { z } from "zod";
import {
  COUNTED_MAX,
  historyQuery,
  idPath,
  listQuery,
  problemOf,
  threadQuery,
  type Counts,
} from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Accounts } from "../../accounts/accounts.ts";
import { countWaiting, listConversations, type Holder } from "../../store/queries/conversations.ts";
import { countFailed } from "../../store/queries/deliveries.ts";
import { isErased } from "../../store/queries/erasures.ts";
import { readHistory } from "../../store/queries/history.ts";
import { overdueReceipt } from "../../store/queries/reported.ts";
import { readCarriedFrom } from "../../store/queries/resolutions.ts";
import { hiddenOf, isHidden, sees, type Sight } from "../../store/queries/sight.ts";
import { readThread, type ThreadPage, type ThreadRead } from "../../store/queries/thread.ts";
import { listKey, messageKey, readCursor, receiptKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { currentOf } from "./signing-in.ts";
import { sightOf } from "../sight.ts";
import { namePosition } from "../snapshot.ts";

type Dependencies = { reads: Reads; graceMs: number; now: () => number };

/** `GET /conversations/` */
export function listRoute({
  reads,
  accounts,
}: Pick<Dependencies, "reads"> & { accounts: Accounts }): RequestHandler {
  return async (request, response) => {
    const { state, waiting, assigned, order, limit, cursor } = readQuery(listQuery, request);
    const sight = sightOf(response);
    const wanted = assigned === undefined ? null : [await holderNamed(assigned, request, accounts)];
    const holders = withinSight(sight, wanted);
    const after = cursor === undefined ? undefined : readCursor(listKey, cursor, "cursor");
    const { value: page, position } = await reads(({ read }) =>
      listConversations(read, { state, waiting: waiting !== undefined, holders, order, limit, after }),
    );
    namePosition(response, position);
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** Whom the list's filter means; throws the problem of a session that has ended where it says "me". */
async function holderNamed(assigned: string, request: Request, accounts: Accounts): Promise<Holder> {
  if (assigned === "nobody") return null;
  return assigned === "me" ? (await currentOf(request, accounts)).account.id : assigned;
}

/** Of the holders that are wanted those whose conversations may be seen. */
const withinSight = (sight: Sight, wanted: readonly Holder[] | null): readonly Holder[] | null =>
  sight === null ? wanted : (wanted ?? [null, sight.agent]).filter((holder) => sees(sight, holder));

/** `GET /counts` */
export function countsRoute({ reads }: Dependencies): RequestHandler {
  return async (request, response) => {
    readQuery(noQuery, request);
    const most = COUNTED_MAX + 1;
    const sight = sightOf(response);
    const { value, position } = await reads(({ read }) =>
      Promise.all([countWaiting(read, most, withinSight(sight, null)), countFailed(read, most, sight)]),
    );
    namePosition(response, position);
    const [waiting, failed] = value.map((count) => ({
      count: Math.min(count, COUNTED_MAX),
      more: count > COUNTED_MAX,
    })) as [Counts["waiting"], Counts["waiting"]];
    const counts: Counts = { waiting, failed_deliveries: failed };
    response.json(counts);
  };
}

/** `GET /conversations/{id}/` */
export function threadRoute({ reads }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    const { limit, ...place } = readQuery(threadQuery, request);
    const page = pageOf(place);
    const sight = sightOf(response);
    const { value, position } = await reads(async ({ read }) => {
      if (await isHidden(read, sight, id)) return { thread: NO_CONVERSATION, carriedFrom: [] };
      const thread = await readThread(read, { id, limit, page });
      if (thread.kind === "no conversation" && (await isErased(read, id))) return null;
      if (thread.kind !== "read") return { thread, carriedFrom: [] };
      // Acts are told without a version of this conversation: they lie under the lock of the one that refused.
      const carriedFrom = await readCarriedFrom(read, id);
      const hidden = await hiddenOf(
        read,
        sight,
        carriedFrom.map(({ conversation_id }) => conversation_id),
      );
      return {
        thread,
        carriedFrom: carriedFrom.filter(({ conversation_id }) => !hidden.has(conversation_id)),
      };
    });
    namePosition(response, position);
    if (value === null) {
      sendProblem(response, problemOf("CONVERSATION_ERASED"));
      return;
    }
    const { thread, carriedFrom } = value;
    if (thread.kind !== "read") {
      sendProblem(
        response,
        problemOf(thread.kind === "no message" ? "MESSAGE_NOT_FOUND" : "CONVERSATION_NOT_FOUND"),
      );
      return;
    }
    linkPage(request, response, { rel: "prev", parameter: "before", key: thread.older, without: PLACES });
    linkPage(request, response, { rel: "next", parameter: "after", key: thread.newer, without: PLACES });
    response.json({
      ...thread.conversation,
      ...(carriedFrom.length === 0 ? {} : { carried_from: carriedFrom }),
    });
  };
}

const NO_CONVERSATION: ThreadRead = { kind: "no conversation" };

/** What says where a page is, and goes when another is linked. */
const PLACES = ["before", "after", "around", "at"] as const;

function pageOf({
  before,
  after,
  around,
  at,
}: Pick<z.output<typeof threadQuery>, (typeof PLACES)[number]>): ThreadPage {
  if (before !== undefined) return { before: readCursor(messageKey, before, "before") };
  if (after !== undefined) return { after: readCursor(messageKey, after, "after") };
  if (around !== undefined) return { around };
  return { at: at ?? "end" };
}

/** `GET /conversations/{id}/events` */
export function historyRoute({ reads, graceMs, now }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    const { limit, cursor } = readQuery(historyQuery, request);
    const sight = sightOf(response);
    const before = cursor === undefined ? undefined : readCursor(receiptKey, cursor, "cursor");
    const overdue = overdueReceipt({ now: now(), graceMs });
    const { value: page } = await reads(async ({ read }) => {
      if (await isHidden(read, sight, id)) return null;
      const history = await readHistory(read, { id, limit, before, overdue });
      return history ?? ((await isErased(read, id)) ? "erased" : null);
    });
    if (page === null || page === "erased") {
      sendProblem(response, problemOf(page === null ? "CONVERSATION_NOT_FOUND" : "CONVERSATION_ERASED"));
      return;
    }
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}
