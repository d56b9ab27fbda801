import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { receipt as receiptSchema } from "@fio/contracts";
import { carryOver, type Carried } from "../../server/carry.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { stampNow } from "../server/stamp.server.ts";

/**
 * Carries a late message, of which the form names the receipt alone, into another conversation and opens that one; with
 * `stay` it only says which.
 */
export async function action({ request, context }: ActionFunctionArgs): Promise<Carried | Response> {
  const form = await formOf(request);
  const receipt = receiptSchema.safeParse(textOf(form, "receipt"));
  if (!receipt.success) return { kind: "gone" };
  const carried = await carryOver({ ...context, stamp: stampNow }, receipt.data);
  if (carried.kind !== "carried" || form.has("stay")) return carried;
  return redirect(`/conversations/${carried.conversation}`);
}

export const loader = () => redirect("/rejections");
