import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { connected } from "../faults/rig/store/postgres.ts";

/** How long nobody could write to the store, at most, since it began to look; `now`: for how long nobody has been able to. */
export type HeldWrites = { longestMs: () => number; now: () => number; stop: () => Promise<number> };

const EVERY_MS = 5;

/** Does again and again what every write begins with, on a connection of its own. */
export async function watchWrites(databaseUrl: string): Promise<HeldWrites> {
  const path = databaseUrl.startsWith("sqlite:") ? databaseUrl.slice("sqlite:".length) : null;
  const { write, close } = await (path === null ? postgresWrites(databaseUrl) : sqliteWrites(path));
  const over = new AbortController();
  let longest = 0;
  let since = performance.now();
  const going = (async () => {
    while (!over.signal.aborted) {
      if (await write()) {
        longest = Math.max(longest, performance.now() - since);
        await sleep(EVERY_MS);
        since = performance.now();
      } else await sleep(1);
    }
  })();
  return {
    longestMs: () => longest,
    now: () => performance.now() - since,
    stop: async () => {
      over.abort();
      await going;
      await close();
      return longest;
    },
  };
}

type Writes = { write: () => Promise<boolean>; close: () => Promise<unknown> };

async function postgresWrites(url: string): Promise<Writes> {
  const client = await connected(url);
  return {
    write: async () => {
      await client.query("begin; lock table conversations, messages in row exclusive mode; commit");
      return true;
    },
    close: () => client.end(),
  };
}

function sqliteWrites(path: string): Promise<Writes> {
  const writer = new Database(path, { timeout: 0 });
  return Promise.resolve({
    write: () => {
      try {
        writer.exec("begin immediate");
        writer.exec("rollback");
        return Promise.resolve(true);
      } catch {
        return Promise.resolve(false);
      }
    },
    close: () => Promise.resolve(writer.close()),
  });
}
