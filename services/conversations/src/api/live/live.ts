import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Redis } from "ioredis";
import type { Registry } from "prom-client";
import { CHANGES_KEY } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { limitConcurrency } from "../../limit-concurrency.ts";
import { catchUp } from "./catch-up.ts";
import { createClient, type Client } from "./client.ts";
import { frame, GREETING, HEARTBEAT } from "./frames.ts";
import type { Held } from "./held.ts";
import { createFanOut } from "./fan-out.ts";
import { createLiveMetrics } from "./metrics.ts";
import type { Position } from "@fio/contracts";
import { startReader } from "./reader.ts";
import { createReplayBuffer } from "./replay-buffer.ts";
import { createChangeStream, type ChangeStream } from "./change-stream.ts";

/** The live stream of one api process: one reader of Redis, any number of clients. */
export type Live = {
  /** How far it has heard the changes; `null` while it has heard nothing since the start. */
  position: () => Position | null;
  /** Makes a response a live stream, from `after` on if given, until either side ends it. */
  open: (
    response: ServerResponse,
    options: { follows: readonly string[]; after: Position | undefined; held?: Held | null },
  ) => void;
  /** Sends what is no change, and is missed by whoever is not there, to those who follow a conversation. */
  tell: (conversation: string, bytes: Buffer) => void;
  /** Ends every stream at once, and the reader. */
  close: () => Promise<void>;
};

export type LiveLimits = typeof LIMITS;

/** Times in milliseconds. */
const LIMITS = {
  heartbeatMs: 15_000,
  flushMs: 250,
  rowsPerFlush: 200,
  /** Waiting rows beyond which reading the list again is the shorter way. */
  maxPendingRows: 5_000,
  /** Bytes that one client may leave unread. */
  maxBuffered: 1024 * 1024,
  /** How long a client that catches up may read nothing. */
  maxStallMs: 30_000,
  bufferedEntries: 2_000,
  bufferedBytes: 16 * 1024 * 1024,
  /** Clients that read from Redis at a time. */
  catchingUp: 8,
};

/** Takes over both connections, which must be impatient ones: one waits for what comes, the other reads what was missed. */
export function openLive({
  reader,
  resumer,
  graceMs,
  registry,
  log,
  now,
  limits: given = {},
  key = CHANGES_KEY,
}: {
  reader: Redis;
  resumer: Redis;
  /** How long nobody is told of what waits for its conversation. */
  graceMs: number;
  registry: Registry;
  log: Log;
  now: () => number;
  limits?: Partial<LiveLimits>;
  key?: string;
}): Live {
  const limits = { ...LIMITS, ...given };
  const clients = new Set<Client>();
  const metrics = createLiveMetrics(registry, () => clients.size);
  const replayBuffer = createReplayBuffer({ most: limits.bufferedEntries, mostBytes: limits.bufferedBytes });
  const fanOut = createFanOut({ limits, replayBuffer, metrics, now });
  const heard = new EventTarget();
  const reading = startReader({
    changes: createChangeStream({ redis: reader, key, graceMs, log }),
    listener: {
      ...fanOut,
      onUp: (position, broken) => {
        fanOut.onUp(position, broken);
        heard.dispatchEvent(new Event("up"));
      },
    },
    log,
  });
  const changes = createChangeStream({ redis: resumer, key, graceMs, log });
  const inTurn = limitConcurrency(limits.catchingUp);
  const heartbeat = setInterval(() => {
    for (const client of clients) client.write(HEARTBEAT);
  }, limits.heartbeatMs);
  let closing = false;

  const attach = async (client: Client, after: Position | undefined, left: AbortSignal): Promise<void> => {
    await client.held?.look();
    if (fanOut.position() === null) {
      client.write(frame({ event: "stalled" }));
      await once(heard, "up", { signal: left });
    }
    if (after === undefined) fanOut.join(client);
    else {
      const resume: ChangeStream["resume"] = (position, count) =>
        inTurn(() => changes.resume(position, count));
      await catchUp({
        client,
        after,
        fanOut,
        replayBuffer,
        resume,
        maxPendingRows: limits.maxPendingRows,
        metrics,
      });
    }
    // What was given between the first look and now it has not heard of.
    await client.held?.look();
  };

  return {
    position: () => fanOut.position(),
    tell: fanOut.tell,
    open: (response, { follows, after, held = null }) => {
      const left = new AbortController();
      const openedAt = now();
      const client = createClient({
        response,
        follows: new Set(follows),
        held,
        maxBuffered: limits.maxBuffered,
        maxStallMs: limits.maxStallMs,
        onCutOff: () => metrics.cutOffs.inc(),
      });
      response.on("error", () => {});
      response.on("close", () => {
        clients.delete(client);
        fanOut.leave(client);
        left.abort();
        log.debug(
          { follows: follows.length, resumed: after !== undefined, seconds: (now() - openedAt) / 1_000 },
          "a client of the stream has left",
        );
      });
      response.writeHead(200, {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store, no-transform",
        "X-Accel-Buffering": "no",
      });
      client.write(GREETING);
      if (closing) {
        client.end();
        return;
      }
      clients.add(client);
      attach(client, after, left.signal).catch((error: unknown) => {
        // It comes back by itself, and then with the same position.
        if (!client.closed) log.warn({ err: error }, "a client of the stream could not be joined");
        client.end();
      });
    },
    close: async () => {
      closing = true;
      clearInterval(heartbeat);
      fanOut.close();
      for (const client of clients) client.end();
      const ended = reading.close();
      reader.disconnect();
      resumer.disconnect();
      await ended;
    },
  };
}
