import type { ServerResponse } from "node:http";
import type { Position } from "@fio/contracts";
import type { Held } from "./held.ts";
import type { PendingRows } from "./pending-rows.ts";

/** One client of the live stream. */
export type Client = {
  /** The conversations whose messages it gets. */
  follows: ReadonlySet<string>;
  /** Where it is told of some conversations alone. */
  held: Held | null;
  /** Rows that it has yet to get on its own; `null` once it gets those that everyone gets. */
  ownRows: PendingRows | null;
  /** It has been sent what was announced up to here, by catching up. */
  since: Position | null;
  /** Sends, or cuts the client off when it has left too much unread. */
  write: (bytes: Buffer | string) => void;
  /** Sends what the client has asked for: it may take its time, see {@link Client.drained}. */
  push: (bytes: Buffer | string) => void;
  /** Resolves when what was pushed has been read; cuts off a client that reads nothing for long. */
  drained: () => Promise<void>;
  end: () => void;
  readonly closed: boolean;
};

/** `maxBuffered` in bytes, `maxStallMs` for a client that catches up. `onCutOff` is told why. */
export function createClient({
  response,
  follows,
  held = null,
  maxBuffered,
  maxStallMs,
  onCutOff,
}: {
  response: ServerResponse;
  follows: ReadonlySet<string>;
  held?: Held | null;
  maxBuffered: number;
  maxStallMs: number;
  onCutOff: () => void;
}): Client {
  const cutOff = (): void => {
    if (response.destroyed) return;
    onCutOff();
    response.destroy();
  };
  const push = (bytes: Buffer | string): void => {
    if (!response.destroyed && !response.writableEnded) response.write(bytes);
  };
  return {
    follows,
    held,
    ownRows: null,
    since: null,
    push,
    write: (bytes) => {
      if (response.writableLength > maxBuffered) cutOff();
      else push(bytes);
    },
    drained: async () => {
      if (!response.writableNeedDrain || response.destroyed) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          response.off("drain", done).off("close", done);
          resolve();
        };
        const timer = setTimeout(cutOff, maxStallMs);
        response.on("drain", done).on("close", done);
      });
    },
    end: () => {
      response.end();
    },
    get closed() {
      return response.destroyed || response.writableEnded;
    },
  };
}
