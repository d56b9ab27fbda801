import { eventType, receipt as receiptSchema } from "@fio/contracts";
import type { LoaderFunctionArgs } from "@remix-run/node";
import type { Became } from "../rejections/fetch-rejections.ts";
import { idIn } from "../names/id.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/** What became of one that was left out, of the event `?type=&id=`; `null` when that is not available. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const receipt = receiptSchema.safeParse(params["receipt"]);
  const type = eventType.safeParse(search.get("type"));
  const id = idIn(search.get("id") ?? "");
  if (!receipt.success || !type.success || id === null) return Response.json(null);
  try {
    const kept = await context.api.rejection(receipt.data);
    if (kept.kind === "ok") return Response.json({ rejection: kept.data, applied: false } satisfies Became);
    const outcome = await context.api.outcome(type.data, id);
    // Another event under the same id may be the one that was applied.
    const applied =
      outcome.kind === "ok" && outcome.data.outcome === "applied" && outcome.data.receipt === receipt.data;
    return Response.json({ rejection: null, applied } satisfies Became);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return Response.json(null);
  }
}
