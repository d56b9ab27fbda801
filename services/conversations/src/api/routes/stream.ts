import type { RequestHandler } from "express";
import { streamPosition, streamQuery } from "@fio/contracts";
import { holdersOf, holdersOfContacts } from "../../store/queries/sight.ts";
import { createHeld, type AskHolders } from "../live/held.ts";
import type { Live } from "../live/live.ts";
import { invalidParameter, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { sightOf } from "../sight.ts";

/** `GET /stream` */
export function streamRoute({ live, reads }: { live: Live; reads: Reads }): RequestHandler {
  const ask: AskHolders = {
    conversations: async (ids) => (await reads(({ read }) => holdersOf(read, ids))).value,
    contacts: async (keys) => (await reads(({ read }) => holdersOfContacts(read, keys))).value,
  };
  return (request, response) => {
    const { conversation, after } = readQuery(streamQuery, request);
    const last = readLastEventId(request.get("Last-Event-ID"));
    // HEAD comes here too, and must not wait for a body.
    if (request.method === "HEAD") response.type("text/event-stream").end();
    else {
      const sight = sightOf(response);
      const held = sight === null ? null : createHeld({ sight, follows: conversation, ask });
      live.open(response, { follows: conversation, after: last ?? after, held });
    }
  };
}

/** A browser that comes back sends it along with the address it first asked for: it is the later of the two. */
function readLastEventId(given: string | undefined): string | undefined {
  if (given === undefined || given === "") return undefined;
  const position = streamPosition.safeParse(given);
  if (position.success) return position.data;
  throw invalidParameter(position.error.issues.map(({ message }) => ({ path: "Last-Event-ID", message })));
}
