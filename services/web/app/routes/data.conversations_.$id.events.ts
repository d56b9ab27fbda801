import type { LoaderFunctionArgs } from "@remix-run/node";
import { historyOf } from "../server/details.server.ts";
import { idIn } from "../names/id.ts";

/** A page of a conversation's history; `null` when it is not available. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const page = new URL(request.url).searchParams.get("page");
  return Response.json(await historyOf(context.api, idIn(params["id"] ?? "") ?? "", page));
}
