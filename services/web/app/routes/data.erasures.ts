import type { LoaderFunctionArgs } from "@remix-run/node";
import { refused } from "../server/refused.server.ts";

/** A page of conversations that were erased for good: since a time, or the one that `page` names. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const read = await context.api.erasures({ since: search.get("since") ?? "", page: search.get("page") });
  if (read.kind === "refused") return refused(read.problem);
  return Response.json({ ids: read.data.map(({ conversation_id }) => conversation_id), next: read.next });
}
