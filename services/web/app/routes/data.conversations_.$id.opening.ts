import type { LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import { openedOf } from "../server/opened.server.ts";

/** What a conversation opens with. That there is none is an answer, not a fault of this call. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  return Response.json(
    await openedOf(context, idIn(params["id"] ?? "") ?? "", new URL(request.url).searchParams),
  );
}
