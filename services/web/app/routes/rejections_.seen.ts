import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { receipt as receiptSchema } from "@fio/contracts";
import { markSeen } from "../../server/carry.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { stampNow } from "../server/stamp.server.ts";

/** Marks a refused event, of which the form names the receipt, as one that needs nothing more. */
export async function action({ request, context }: ActionFunctionArgs): ReturnType<typeof markSeen> {
  const form = await formOf(request);
  const receipt = receiptSchema.safeParse(textOf(form, "receipt"));
  if (!receipt.success) return { kind: "gone" };
  return markSeen({ ...context, stamp: stampNow }, receipt.data);
}

export const loader = () => redirect("/rejections");
