import { openRivalStore } from "./support/open-store.ts";
import type { RivalEvent } from "./support/events.ts";
import type { Rival } from "./rival.ts";

/**
 * As fast as the store writes: Node's own server, JSON, and one statement for all messages of a request. Nothing is
 * checked, no rule is asked, an id that is there already makes the request fail.
 * A 2xx promises that the events are in the store, on its disk.
 */
export const setInserts: Rival = {
  title: "raw set-based inserts",
  promise: "in the store, unchecked",
  intake: async ({ databaseUrl }) => {
    const store = await openRivalStore(databaseUrl);
    return (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const events = [JSON.parse(Buffer.concat(chunks).toString()) as RivalEvent | RivalEvent[]].flat();
        store.insertAll(events).then(
          () => response.writeHead(201, { "content-length": 0 }).end(),
          (error: unknown) => {
            console.error(error);
            response.writeHead(500, { "content-length": 0 }).end();
          },
        );
      });
    };
  },
};
