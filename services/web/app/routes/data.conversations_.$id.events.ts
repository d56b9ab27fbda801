import type { LoaderFunctionArgs } from "@remix-run/node";
import { detailsOf } from "../server/details.server.ts";
import { idIn } from "../names/id.ts";

/** What the details show beside the thread: a page of the history, and with the first page what was refused. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const page = new URL(request.url).searchParams.get("page");
  return Response.json(await detailsOf(context.api, idIn(params["id"] ?? "") ?? "", page));
}
