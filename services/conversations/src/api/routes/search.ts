import type { RequestHandler } from "express";
import { id, searchQuery } from "@fio/contracts";
import type { Store } from "../../store/connect.ts";
import { findById, searchMessages } from "../../store/queries/search.ts";
import { messageKey, readCursor } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readQuery } from "../parameters.ts";

/** `GET /search` */
export function searchRoute({ store, now }: { store: Store; now: () => number }): RequestHandler {
  return async (request, response) => {
    const { q, limit, cursor } = readQuery(searchQuery, request);
    const before = cursor === undefined ? undefined : readCursor(messageKey, cursor, "cursor");
    const named = id.safeParse(q.trim());
    const hit = named.success && before === undefined ? await findById(store, named.data) : null;
    if (hit !== null) {
      response.json([hit]);
      return;
    }
    const page = await searchMessages(store, { q, limit, before, now: now() });
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}
