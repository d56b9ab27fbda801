import { data, redirect, type ActionFunctionArgs } from "@remix-run/node";
import { idIn, randomId } from "../names/id.ts";
import { postedText } from "../outbox/posted-text.ts";
import { stampNow } from "../server/stamp.server.ts";
import { formOf, textOf } from "../server/form.server.ts";

const WAIT_SECONDS = 10;

/**
 * Begins a conversation and opens it. With `text` it begins with that message: an agent's own, or with `direction` and the
 * simulator one as if the customer had written it.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const id = idIn(textOf(form, "id")) ?? randomId();
  const simulated = textOf(form, "direction") === "RECEIVED";
  if (simulated && !context.simulator) {
    return data({ failed: "new" as const, reason: "reason.invalid" as const, id }, { status: 400 });
  }
  const posted = await context.ingest.post(
    { type: "NEW_CONVERSATION", timestamp: stampNow(), data: { id } },
    { waitSeconds: WAIT_SECONDS },
  );
  if (posted.kind === "unsent" || posted.kind === "invalid" || posted.kind === "refused") {
    return data({ failed: "new" as const, reason: postedText(posted), id }, { status: 503 });
  }
  const text = textOf(form, "text");
  if (text !== "") {
    await context.ingest.post(
      {
        type: "NEW_MESSAGE",
        timestamp: stampNow(),
        data: {
          id: idIn(textOf(form, "message")) ?? randomId(),
          direction: simulated ? "RECEIVED" : "SENT",
          content: text,
          conversation_id: id,
        },
      },
      { waitSeconds: WAIT_SECONDS },
    );
  }
  return redirect(`/conversations/${id}`);
}

export const loader = () => redirect("/");
