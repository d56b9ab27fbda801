import type { EventType } from "@fio/contracts";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";

const TYPES: Record<string, EventType> = {
  NEW_MESSAGE: "NEW_MESSAGE",
  NEW_CONVERSATION: "NEW_CONVERSATION",
  CLOSE_CONVERSATION: "CLOSE_CONVERSATION",
  ASSIGN_CONVERSATION: "ASSIGN_CONVERSATION",
};

/** The outcome of an event; `null` while it is not known. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const type = TYPES[params["type"] ?? ""];
  const id = idIn(params["id"] ?? "");
  if (type === undefined || id === null) return Response.json(null, { status: 404 });
  const read = await context.api.outcome(type, id);
  return Response.json(read.kind === "ok" ? read.data : null);
}
