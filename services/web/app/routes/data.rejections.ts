import type { LoaderFunctionArgs } from "@remix-run/node";
import { rejectionsOf } from "../server/rejections.server.ts";
import type { RejectionPage } from "../rejections/rejection-page.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/**
 * A page of refusals as it is now; `null` when it is not available: what is on screen stays, and is requested again.
 */
export async function loader({ request, context }: LoaderFunctionArgs) {
  try {
    const read = await rejectionsOf(request, context.api);
    const page: RejectionPage | null = read.kind === "ok" ? { rejections: read.data, next: read.next } : null;
    return Response.json(page);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return Response.json(null);
  }
}
