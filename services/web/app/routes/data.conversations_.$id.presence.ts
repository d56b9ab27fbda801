import { presenceBody, type PresentAgent } from "@fio/contracts";
import type { ActionFunctionArgs } from "@remix-run/node";
import { isUnavailable } from "../../server/unavailable.ts";
import { idIn } from "../names/id.ts";

/** Takes what a tab says of its agent, and gives who is in the conversation; `null` where that cannot be known. */
export async function action({ params, request, context }: ActionFunctionArgs) {
  const id = idIn(params["id"] ?? "");
  const said = presenceBody.safeParse(await request.json().catch(() => null));
  // Without accounts nobody has a name.
  const known = context.agent === null ? null : context.session;
  if (id === null || known === null || !said.success) return Response.json(null);
  try {
    const present: PresentAgent[] | null = await context.accounts.present(known, id, said.data);
    return Response.json(present);
  } catch (error) {
    // Nothing else waits for it: the next word tells.
    if (isUnavailable(error)) return Response.json(null);
    throw error;
  }
}
