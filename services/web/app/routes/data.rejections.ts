import { receipt as receiptSchema } from "@fio/contracts";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { RejectionPage } from "../rejections/rejection-page.ts";
import type { Acted } from "../rejections/see-to.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { rejectionsOf } from "../server/rejections.server.ts";
import { actOf, doAct } from "../server/see-to.server.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/**
 * A page of what was left out, as it is now; `null` when it is not available: what is on screen stays, and is requested
 * again.
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

/** What an agent does about one of them: an {@link Acted}, also when it failed. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const receipt = receiptSchema.safeParse(textOf(form, "receipt"));
  const act = actOf(textOf(form, "act"));
  const acted: Acted =
    receipt.success && act !== null
      ? await doAct(context, { act, receipt: receipt.data })
      : { kind: "failed", reason: "reason.invalid" };
  return Response.json(acted);
}
