import type { Client } from "./client.ts";
import type { Entry } from "./entry.ts";
import type { Hub } from "./hub.ts";
import type { LiveMetrics } from "./metrics.ts";
import { comparePositions, type Position } from "./position.ts";
import type { Recent } from "./recent.ts";
import { createRows, type Rows } from "./rows.ts";
import type { Source } from "./source.ts";

/** Entries that are read and sent before the client must have read them. */
const CHUNK = 50;

/**
 * Sends a client what it missed, in order, and joins it to what is live, with nothing left out or sent twice. What was
 * announced in the last moments is at hand, the rest is read from Redis in chunks. Throws what Redis throws.
 */
export async function catchUp({
  client,
  after,
  hub,
  recent,
  resume,
  maxPendingRows,
  metrics,
}: {
  client: Client;
  after: Position;
  hub: Hub;
  recent: Recent;
  resume: Source["resume"];
  maxPendingRows: number;
  metrics: LiveMetrics;
}): Promise<void> {
  const owed = createRows();
  let since = after;
  let usedRedis = false;
  const send = async (entries: readonly Entry[]): Promise<void> => {
    sendMissed(client, owed, entries);
    since = entries.at(-1)?.position ?? since;
    await client.drained();
  };
  const isLive = (): boolean => {
    const position = hub.position();
    return usedRedis && position !== null && comparePositions(since, position) >= 0;
  };

  while (!client.closed) {
    const missed = recent.after(since);
    if (missed?.length === 0 || isLive()) {
      metrics.resumed.inc({ from: usedRedis ? "redis" : "memory" });
      hub.join(client, { since, owed });
      return;
    }
    if (missed !== null) {
      await send(missed.slice(0, CHUNK));
    } else {
      const { entries, broken } = await resume(since, CHUNK);
      usedRedis = true;
      if (broken) {
        hub.reset(client);
        return;
      }
      await send(entries);
    }
    if (owed.size > maxPendingRows) {
      hub.reset(client);
      return;
    }
  }
}

function sendMissed(client: Client, owed: Rows, entries: readonly Entry[]): void {
  for (const { rows, messages } of entries) {
    for (const { conversation, bytes } of messages) {
      if (client.follows.has(conversation)) client.push(bytes);
    }
    for (const row of rows) owed.add(row);
  }
}
