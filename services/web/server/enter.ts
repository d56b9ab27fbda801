import type { IncomingMessage } from "node:http";
import type { ClientAddress } from "@fio/service/client-address";
import type { PageContext } from "../app/server/context.ts";
import type { Api } from "./api.ts";
import type { Entered } from "./door.ts";
import { heldIngest } from "./held-ingest.ts";
import type { Ingest } from "./ingest.ts";

/** What a request may do is its agent's. */
type AsWhom = Entered & { client: string; api: Api; ingest: Ingest };

/** Who a request comes from, or the answer that keeps it out. */
export async function enter(
  request: Request,
  {
    peer,
    context: { door, accounts, apiFor, ingest },
    clientOf,
  }: { peer: string; context: PageContext; clientOf: ClientAddress },
): Promise<Response | AsWhom> {
  const entered = await door.enter(request);
  if (entered instanceof Response) return entered;
  const { agent, session } = entered;
  const isHeld = agent?.sees === "own" && session !== null;
  const forwarded = request.headers.get("x-forwarded-for");
  const client = clientOf({
    socket: { remoteAddress: peer },
    headers: forwarded === null ? {} : { "x-forwarded-for": forwarded },
  } as unknown as IncomingMessage);
  return {
    ...entered,
    client,
    api: apiFor(session),
    ingest: isHeld ? heldIngest(ingest, (id) => accounts.maySee(session, id)) : ingest,
  };
}
