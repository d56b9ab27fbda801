import type { Rejection } from "@fio/contracts";
import type { Api, Read } from "../../server/api.ts";
import { idIn } from "../names/id.ts";
import { showOf } from "../rejections/rejection-page.ts";

/** What was left out, as an address asks for it: `show`, `conversation`, and `page`, the `next` of the page before. */
export function rejectionsOf(request: Request, api: Api): Promise<Read<Rejection[]>> {
  const search = new URL(request.url).searchParams;
  return api.rejections({
    conversation: idIn(search.get("conversation") ?? ""),
    unresolved: showOf(search.get("show")) === "pending",
    page: search.get("page"),
  });
}
