import type { RequestHandler } from "express";
import { erasuresQuery, millisecondsOf } from "@fio/contracts";
import { listErasures } from "../../store/queries/erasures.ts";
import { readCursor, timeKey } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";

/** `GET /erasures` */
export function erasuresRoute({ reads }: { reads: Reads }): RequestHandler {
  return async (request, response) => {
    const { since, limit, cursor } = readQuery(erasuresQuery, request);
    const after = cursor === undefined ? undefined : readCursor(timeKey, cursor, "cursor");
    const { value: page } = await reads(({ read }) =>
      listErasures(read, { since: millisecondsOf(since), after, limit }),
    );
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}
