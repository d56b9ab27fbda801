import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { request } from "../support/client.ts";

/** What a reader saw that goes on and on. */
export type Reader = { reads: number; faults: string[]; longestMs: number };

/** Reads until `signal`; `read` gives what was wrong, or `null`. Until it succeeds for the first time nothing counts. */
async function readOn(read: () => Promise<string | null>, signal: AbortSignal, seen: Reader): Promise<void> {
  while (!signal.aborted) {
    const started = performance.now();
    const fault = await read().catch((error: unknown) => String(error));
    if (fault === null) seen.reads += 1;
    else if (seen.reads > 0) seen.faults.push(fault);
    if (seen.reads > 0) seen.longestMs = Math.max(seen.longestMs, performance.now() - started);
    await sleep(20);
  }
}

/** An api of version 0.1.0: the statements of its list, its threads and its search of an id. */
export async function readAsReleased(databaseUrl: string, signal: AbortSignal, seen: Reader): Promise<void> {
  const store = openStore(databaseUrl);
  const row =
    "id, state, created_at, closed_at, version, message_count, last_message_at, last_message_preview, last_message_direction";
  const read = async (): Promise<null> => {
    const rows = (await store
      .read("conversations")
      .select(store.read.raw(`${row}, activity_at`))
      .where("activity_at", ">", "")
      .whereNotNull("state")
      .orderBy([
        { column: "activity_at", order: "desc" },
        { column: "id", order: "desc" },
      ])
      .limit(51)) as Array<{ id: string }>;
    const [first] = rows;
    if (first === undefined) return null;
    const messages = (await store
      .read("messages")
      .select("id", "direction", "content", "timestamp", "receipt")
      .where({ conversation_id: first.id })
      .orderBy([
        { column: "timestamp", order: "desc" },
        { column: "receipt", order: "desc" },
      ])
      .limit(101)) as Array<{ id: string }>;
    await store
      .read("messages as m")
      .join("conversations as c", "c.id", "m.conversation_id")
      .where("m.id", messages[0]?.id ?? first.id)
      .first("m.id", "m.content", "m.timestamp", "m.receipt", "c.state");
    return null;
  };
  await readOn(read, signal, seen);
  await store.close();
}

/** Whoever asks the read API of today for its list, from its first answer on. */
export function readList(apiUrl: string, signal: AbortSignal, seen: Reader): Promise<void> {
  const read = async (): Promise<string | null> => {
    const { status, body } = await request(`${apiUrl}/conversations/?limit=50`);
    return status === 200 ? null : `${status} ${JSON.stringify(body)}`;
  };
  return readOn(read, signal, seen);
}
