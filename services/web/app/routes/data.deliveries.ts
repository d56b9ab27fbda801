import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { FailedPage } from "../rejections/undelivered/act-on-failed.ts";
import { actOnFailedBy, failedCountOf } from "../server/deliveries.server.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/** A page of the answers that were given up, or with `?count` how many there are; `null` when that is not available. */
export async function loader({ request, context: { api } }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  try {
    if (search.has("count")) return Response.json(await failedCountOf(api));
    const read = await api.deliveries({ page: search.get("page") });
    const page: FailedPage | null = read.kind === "ok" ? { deliveries: read.data, next: read.next } : null;
    return Response.json(page);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return Response.json(null);
  }
}

/** Has one sent once more, or marks it as seen: what came of it, also when it failed. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { came } = await actOnFailedBy(request, context);
  return Response.json(came);
}
