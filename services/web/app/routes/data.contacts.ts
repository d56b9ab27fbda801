import type { LoaderFunctionArgs } from "@remix-run/node";
import { contactPageOf } from "../server/contact-page.server.ts";
import { refused } from "../server/refused.server.ts";

/** A page of a customer's conversations. In the query, since in a path a channel could not have a slash. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const page = await contactPageOf(context.api, {
    channel: search.get("channel") ?? "",
    id: search.get("id") ?? "",
    page: search.get("page"),
  });
  return "kind" in page ? refused(page.problem) : Response.json(page);
}
