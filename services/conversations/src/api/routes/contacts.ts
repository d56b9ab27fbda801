import type { RequestHandler } from "express";
import { contactPath, contactQuery, problemOf } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import { readContact } from "../../store/queries/contacts.ts";
import { listKey, readCursor } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { readParameters, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";
import { namePosition } from "../snapshot.ts";

/** `GET /contacts/{channel}/{id}/` */
export function contactRoute({ reads }: { reads: Reads }): RequestHandler {
  return async (request, response) => {
    const name = readParameters(contactPath, request.params);
    const { limit, cursor } = readQuery(contactQuery, request);
    const before = cursor === undefined ? undefined : readCursor(listKey, cursor, "cursor");
    const sight = sightOf(response);
    const { value, position } = await reads(({ read }) => readContact(read, { name, limit, before, sight }));
    namePosition(response, position);
    if (value === null) {
      sendProblem(response, problemOf("CONTACT_NOT_FOUND"));
      return;
    }
    linkPage(request, response, { rel: "next", parameter: "cursor", key: value.next });
    response.json(value.contact);
  };
}
