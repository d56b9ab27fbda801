import type { LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import { refused } from "../server/refused.server.ts";

/** A page of a conversation's messages: the latest, or those before `page`. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const read = await context.api.conversation(idIn(params["id"] ?? "") ?? "", {
    page: new URL(request.url).searchParams.get("page"),
    limit: 100,
  });
  if (read.kind === "refused") return refused(read.problem);
  return Response.json({ conversation: read.data, older: read.next, position: read.position });
}
