import type { LoaderFunctionArgs } from "@remix-run/node";
import { filterOf } from "../store/list.ts";
import { refused } from "../server/refused.server.ts";
import { readRows } from "../server/rows.server.ts";

/** A page of the list; `?limit=`: a first one of as many rows, where that is more than usual. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const read = await readRows(context.api, {
    filter: filterOf(search.get("state")),
    assigned: search.get("assigned"),
    page: search.get("page"),
    limit: Number(search.get("limit") ?? 0),
  });
  return read.kind === "ok"
    ? Response.json({ rows: read.data, next: read.next, position: read.position })
    : refused(read.problem);
}
