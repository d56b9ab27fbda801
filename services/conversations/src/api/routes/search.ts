import type { RequestHandler } from "express";
import { SEARCHED_HEADER, searchQuery } from "@fio/contracts";
import type { Store } from "../../store/connect.ts";
import { findById, searchMessages } from "../../store/queries/search.ts";
import { messageKey, readCursor } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readQuery } from "../parameters.ts";

/** An id wherever it stands: alone, in braces, in a link with a query or a fragment. */
const ID = /(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/i;

/** `GET /search` */
export function searchRoute({ store }: { store: Store }): RequestHandler {
  return async (request, response) => {
    const { q, limit, cursor } = readQuery(searchQuery, request);
    const before = cursor === undefined ? undefined : readCursor(messageKey, cursor, "cursor");
    const id = ID.exec(q)?.[0].toLowerCase();
    const hit = id !== undefined && before === undefined ? await findById(store, id) : null;
    if (hit !== null) {
      response.json([hit]);
      return;
    }
    const page = await searchMessages(store, { q, limit, before });
    if (page.searchedBackTo !== null) response.set(SEARCHED_HEADER, page.searchedBackTo);
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}
