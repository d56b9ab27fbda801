import type { LoaderFunctionArgs } from "@remix-run/node";
import { filterOf } from "../store/list.ts";
import { refused } from "../server/refused.server.ts";
import { readRows } from "../server/rows.server.ts";

/** A page of the list. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const read = await readRows(context.api, {
    filter: filterOf(search.get("state")),
    page: search.get("page"),
  });
  return read.kind === "ok"
    ? Response.json({ rows: read.data, next: read.next, position: read.position })
    : refused(read.problem);
}
