import { eventWithoutAuthor, type AssignConversation } from "@fio/contracts";
import type { ActionFunctionArgs, AppLoadContext } from "@remix-run/node";
import { assignedBy } from "../server/assigned-by.server.ts";
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
  if (event.data.type === "ASSIGN_CONVERSATION") return assign(event.data, context);
  const { type, data } = event.data;
  if (type === "NEW_MESSAGE" && data.direction === "RECEIVED" && !context.simulator) {
    return Response.json({ kind: "invalid", code: "UNAUTHORIZED", fault: undefined } satisfies Posted);
  }
  const posted = await context.ingest.post(writtenBy(event.data, context.agent));
  if (type === "CLOSE_CONVERSATION" && posted.kind === "accepted")
    await noted(context, { action: "close", conversation: data.id });
  return Response.json(posted satisfies Posted);
}

async function assign(asked: AssignConversation, context: AppLoadContext): Promise<Response> {
  const event = await assignedBy(asked, context);
  if (event === null)
    return Response.json({ kind: "invalid", code: "UNAUTHORIZED", fault: undefined } satisfies Posted);
  const posted = await context.ingest.post(event);
  const { id, agent } = event.data;
  if (posted.kind === "accepted") {
    const to = agent === null ? {} : { account: agent.id };
    await noted(context, { action: "assign", conversation: id, ...to });
  }
  return Response.json(posted satisfies Posted);
}
