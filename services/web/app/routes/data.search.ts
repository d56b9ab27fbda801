import type { LoaderFunctionArgs } from "@remix-run/node";
import { SEARCH_FILTERS } from "../../server/api.ts";
import { refused } from "../server/refused.server.ts";

/** A page of a search: the one that `page` names, else the first for `q` and the filters. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const filters = SEARCH_FILTERS.flatMap((name): Array<[string, string]> => {
    const value = search.get(name);
    return value === null || value === "" ? [] : [[name, value]];
  });
  const read = await context.api.search({
    q: search.get("q") ?? "",
    page: search.get("page"),
    filters: Object.fromEntries(filters),
  });
  if (read.kind === "refused") return refused(read.problem);
  return Response.json({
    hits: read.data,
    next: read.next,
    related: read.related,
    searched: read.searched,
  });
}
