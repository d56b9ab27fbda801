import type { RequestHandler } from "express";
import { streamPosition, streamQuery } from "@fio/contracts";
import type { Live } from "../live/live.ts";
import { invalidParameter, readQuery } from "../parameters.ts";

/** `GET /stream` */
export function streamRoute(live: Live): RequestHandler {
  return (request, response) => {
    const { conversation, after } = readQuery(streamQuery, request);
    const last = readLastEventId(request.get("Last-Event-ID"));
    // HEAD comes here too, and must not wait for a body.
    if (request.method === "HEAD") response.type("text/event-stream").end();
    else live.open(response, { follows: conversation, after: last ?? after });
  };
}

/** A browser that comes back sends it along with the address it first asked for: it is the later of the two. */
function readLastEventId(given: string | undefined): string | undefined {
  if (given === undefined || given === "") return undefined;
  const position = streamPosition.safeParse(given);
  if (position.success) return position.data;
  throw invalidParameter(position.error.issues.map(({ message }) => ({ path: "Last-Event-ID", message })));
}
