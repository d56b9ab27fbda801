import type { RequestHandler } from "express";
import { idPath, problemOf, type Sight } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import { isHidden } from "../../store/queries/sight.ts";
import { noQuery, readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";

/** `GET /conversations/{id}/sight`: asks the store alone, by the primary key. */
export function sightRoute({ reads }: { reads: Reads }): RequestHandler {
  return async (request, response) => {
    const { id } = readParameters(idPath, request.params);
    readQuery(noQuery, request);
    const sight = sightOf(response);
    if (sight !== null && (await reads(({ read }) => isHidden(read, sight, id))).value) {
      sendProblem(response, problemOf("CONVERSATION_NOT_FOUND"));
      return;
    }
    response.json({ conversation_id: id } satisfies Sight);
  };
}
