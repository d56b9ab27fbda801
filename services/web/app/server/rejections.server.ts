import type { Rejection } from "@fio/contracts";
import type { Api, Read } from "../../server/api.ts";
import { idIn } from "../names/id.ts";
import { reasonsOf, showOf } from "../rejections/rejection-page.ts";

/** The refusals that an address asks for: `show`, `conversation`, and `page`, the `next` of the page before. */
export function rejectionsOf(request: Request, api: Api): Promise<Read<Rejection[]>> {
  const search = new URL(request.url).searchParams;
  return api.rejections({
    conversation: idIn(search.get("conversation") ?? ""),
    reasons: reasonsOf(showOf(search.get("show"))),
    page: search.get("page"),
  });
}
