import type { LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import { refused } from "../server/refused.server.ts";

/** A page of a conversation's messages: the one that `page` names, `around` a message, `at` a time, or the latest. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const read = await context.api.conversation(idIn(params["id"] ?? "") ?? "", {
    page: search.get("page"),
    around: search.get("around"),
    at: search.get("at"),
    limit: search.has("large") ? 1_000 : 100,
  });
  if (read.kind === "refused") return refused(read.problem);
  return Response.json({
    conversation: read.data,
    older: read.prev,
    newer: read.next,
    position: read.position,
  });
}
