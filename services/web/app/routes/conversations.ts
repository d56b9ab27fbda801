import { data, redirect, type ActionFunctionArgs } from "@remix-run/node";
import { idIn, randomId } from "../names/id.ts";
import { postedText } from "../outbox/posted-text.ts";
import { stampNow } from "../server/stamp.server.ts";
import { formOf, textOf } from "../server/form.server.ts";

const WAIT_SECONDS = 10;

/**
 * Begins a conversation and opens it. With `text` and `direction` it begins with that message, which is how one that
 * was refused elsewhere is carried over.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const id = idIn(textOf(form, "id")) ?? randomId();
  const posted = await context.ingest.post(
    { type: "NEW_CONVERSATION", timestamp: stampNow(), data: { id } },
    { waitSeconds: WAIT_SECONDS },
  );
  if (posted.kind === "unsent" || posted.kind === "invalid" || posted.kind === "refused") {
    return data({ failed: "new" as const, reason: postedText(posted), id }, { status: 503 });
  }
  const text = textOf(form, "text");
  if (text !== "") {
    const direction = textOf(form, "direction") === "RECEIVED" ? "RECEIVED" : "SENT";
    await context.ingest.post(
      {
        type: "NEW_MESSAGE",
        timestamp: stampNow(),
        data: {
          id: idIn(textOf(form, "message")) ?? randomId(),
          direction,
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
