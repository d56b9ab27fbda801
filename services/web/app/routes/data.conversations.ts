import type { LoaderFunctionArgs } from "@remix-run/node";
import { filterOf, stateOf } from "../store/list.ts";
import { refused } from "../server/refused.server.ts";

/** A page of the list. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const read = await context.api.conversations({
    state: stateOf(filterOf(search.get("state"))),
    page: search.get("page"),
    limit: 50,
  });
  return read.kind === "ok"
    ? Response.json({ rows: read.data, next: read.next, position: read.position })
    : refused(read.problem);
}
