import type { IncomingMessage } from "node:http";
import type { ClientAddress } from "@fio/service/client-address";
import type { Door, Entered } from "./door.ts";

/** Who a request comes from, or the answer that keeps it out. */
export async function enter(
  request: Request,
  { peer, door, clientOf }: { peer: string; door: Door; clientOf: ClientAddress },
): Promise<Response | (Entered & { client: string })> {
  const entered = await door.enter(request);
  if (entered instanceof Response) return entered;
  const forwarded = request.headers.get("x-forwarded-for");
  const client = clientOf({
    socket: { remoteAddress: peer },
    headers: forwarded === null ? {} : { "x-forwarded-for": forwarded },
  } as unknown as IncomingMessage);
  return { ...entered, client };
}
