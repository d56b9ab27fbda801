import type { Client } from "./client.ts";
import type { ChangedRow, Entry } from "./entry.ts";
import type { FanOut } from "./fan-out.ts";
import type { LiveMetrics } from "./metrics.ts";
import { comparePositions, type Position } from "@fio/contracts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { createPendingRows, type PendingRows } from "./pending-rows.ts";
import type { ChangeStream } from "./change-stream.ts";

/** Entries that are read and sent before the client must have read them. */
const CHUNK = 50;

/**
 * Sends a client what it missed, in order, and joins it to what is live, with nothing left out or sent twice. What was
 * announced in the last moments is at hand, the rest is read from Redis in chunks. Throws what Redis throws.
 */
export async function catchUp({
  client,
  after,
  fanOut,
  replayBuffer,
  resume,
  maxPendingRows,
  metrics,
}: {
  client: Client;
  after: Position;
  fanOut: FanOut;
  replayBuffer: ReplayBuffer;
  resume: ChangeStream["resume"];
  maxPendingRows: number;
  metrics: LiveMetrics;
}): Promise<void> {
  const missedRows = createPendingRows();
  const lossesBefore = fanOut.losses();
  let since = after;
  let usedRedis = false;
  let skipped: ChangedRow[] | null = null;
  const send = async (entries: readonly Entry[]): Promise<void> => {
    sendMissed(client, missedRows, entries);
    since = entries.at(-1)?.position ?? since;
    await client.drained();
  };
  const isLive = (): boolean => {
    const position = fanOut.position();
    return usedRedis && position !== null && comparePositions(since, position) >= 0;
  };

  while (!client.closed) {
    if (fanOut.isLost(after) || fanOut.losses() !== lossesBefore) {
      fanOut.reset(client);
      return;
    }
    const missed = replayBuffer.after(since);
    if (missed?.length === 0 || isLive()) {
      metrics.resumed.inc({ from: usedRedis ? "redis" : "memory" });
      fanOut.join(client, { since, missedRows, skipped });
      return;
    }
    if (missed !== null) {
      await send(missed.slice(0, CHUNK));
    } else {
      const { entries, broken } = await resume(since, CHUNK);
      usedRedis = true;
      if (broken) {
        fanOut.reset(client);
        return;
      }
      await send(entries);
    }
    if (missedRows.size > maxPendingRows) {
      const followed = missedRows.shed(0).filter(({ id }) => client.follows.has(id));
      skipped = [...(skipped ?? []), ...followed];
    }
  }
}

function sendMissed(client: Client, missedRows: PendingRows, entries: readonly Entry[]): void {
  for (const { rows, messages, given, erased } of entries) {
    for (const one of given) if (client.held?.given(one) === true) client.push(one.bytes);
    for (const { conversation, bytes } of messages) {
      if (client.follows.has(conversation) && client.held?.tells(conversation) !== false) client.push(bytes);
    }
    for (const row of rows) missedRows.add(row);
    for (const { conversation, bytes } of erased) {
      missedRows.drop(conversation);
      client.push(bytes);
    }
  }
}
