import { eventWithoutAuthor } from "@fio/contracts";
import type { ActionFunctionArgs } from "@remix-run/node";
import { noted } from "../server/noted.server.ts";
import { writtenBy } from "../server/written-by.server.ts";
import type { Posted } from "../outbox/posted.ts";

/**
 * Posts what an agent did in the browser, without waiting for its outcome: the page shows first that it is on the
 * queue's disk, then that it is in the conversation.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const event = eventWithoutAuthor.safeParse(await request.json().catch(() => null));
  if (!event.success) {
    return Response.json({ kind: "invalid", code: "INVALID_EVENT", fault: undefined } satisfies Posted);
  }
  const { type, data } = event.data;
  if (type === "NEW_MESSAGE" && data.direction === "RECEIVED" && !context.simulator) {
    return Response.json({ kind: "invalid", code: "UNAUTHORIZED", fault: undefined } satisfies Posted);
  }
  const posted = await context.ingest.post(writtenBy(event.data, context.agent));
  if (type === "CLOSE_CONVERSATION" && posted.kind === "accepted")
    await noted(context, { action: "close", conversation: data.id });
  return Response.json(posted satisfies Posted);
}
