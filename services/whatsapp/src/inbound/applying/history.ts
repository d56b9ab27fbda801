import type { Fact } from "../reading/facts.ts";
import { closing, creation, messageIn } from "./events.ts";
import type { Ingest } from "../../ingest.ts";

/**
 * What the phone's own app had of a thread becomes a conversation that is over: it is found and read, and nobody waits in
 * it. Whether all of it is what ingest takes. Throws `Unavailable`.
 */
export async function placeHistory(
  ingest: Ingest,
  { person, conversationId, messages }: Extract<Fact, { kind: "history" }>,
): Promise<boolean> {
  const [first] = messages;
  const last = messages.at(-1);
  if (first === undefined || last === undefined) return true;
  const results = await ingest.settle([
    creation(conversationId, { person, timestamp: first.timestamp }),
    ...messages.map((message) => messageIn(conversationId, message)),
    closing(conversationId, last.timestamp),
  ]);
  return results !== null;
}
