import type { RequestHandler } from "express";
import type { z } from "zod";
import { placeOf, SEARCHED_HEADER, searchQuery, type SearchHit } from "@fio/contracts";
import type { ListKey } from "../../store/queries/conversations.ts";
import { findByName } from "../../store/queries/find-by-name.ts";
import { idIn } from "../../store/queries/names.ts";
import type { Page } from "../../store/queries/page.ts";
import { findById, searchMessages } from "../../store/queries/search.ts";
import { listKey, messageKey, readCursor } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";

type Query = z.output<typeof searchQuery>;

/** The conversations that stand before the messages. */
const FIRST_CONVERSATIONS = 5;
/** A page of nothing but conversations. */
const MOST_CONVERSATIONS = 20;

/** `GET /search` */
export function searchRoute({ reads }: { reads: Reads }): RequestHandler {
  return async (request, response) => {
    const query = readQuery(searchQuery, request);
    const { q, kind, state, cursor } = query;
    const sight = sightOf(response);
    const id = cursor === undefined ? idIn(q) : null;
    const hit = id === null ? null : (await reads((store) => findById(store, id, sight))).value;
    if (hit !== null) {
      response.json(fits(hit, query) ? [hit] : []);
      return;
    }
    if (kind === "conversation") {
      const before = cursor === undefined ? undefined : readCursor(listKey, cursor, "cursor");
      const limit = Math.min(query.limit, MOST_CONVERSATIONS);
      const { value: page } = await reads((store) => findByName(store, { q, state, limit, before, sight }));
      linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
      response.json(page.items);
      return;
    }
    const before = cursor === undefined ? undefined : readCursor(messageKey, cursor, "cursor");
    const nobody = cursor !== undefined || isOfMessages(query);
    const { limit, group, from, to, direction } = query;
    const { value } = await reads((store) =>
      Promise.all([
        nobody ? NOBODY : findByName(store, { q, state, limit: FIRST_CONVERSATIONS, sight }),
        searchMessages(store, { q, limit, before, group, from, to, state, direction, sight }),
      ]),
    );
    const [conversations, messages] = value;
    if (messages.searchedBackTo !== null) response.set(SEARCHED_HEADER, messages.searchedBackTo);
    linkPage(request, response, { rel: "next", parameter: "cursor", key: messages.next });
    linkPage(request, response, {
      rel: "related",
      parameter: "cursor",
      key: conversations.next,
      without: ["group"],
      also: { kind: "conversation" },
    });
    response.json([...conversations.items, ...messages.items]);
  };
}

const NOBODY: Page<SearchHit, ListKey> = { items: [], next: null };

const isOfMessages = ({ kind, from, to, direction }: Query): boolean =>
  kind === "message" || from !== undefined || to !== undefined || direction !== undefined;

/** What an id names is subject to the filters like anything that is found. */
function fits({ state, message }: SearchHit, query: Query): boolean {
  if (query.state !== undefined && query.state !== state) return false;
  if (message === null) return !isOfMessages(query);
  const place = placeOf(message);
  return (
    query.kind !== "conversation" &&
    (query.direction === undefined || query.direction === message.direction) &&
    (query.from === undefined || query.from <= place) &&
    (query.to === undefined || place < query.to)
  );
}
