import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { CHANGES_FIELD, CHANGES_KEY, type Change } from "@fio/contracts";
import { contactsIn, tellsOf, type ErasedContacts } from "../store/announced.ts";

/* What the live stream in Redis holds of erased conversations and customers. */

const ENTRIES_AT_ONCE = 500;

/**
 * Redis keeps entries in blocks (`stream-node-max-bytes`, 4 KiB unless set otherwise), and what is cut out of a block that
 * others are still in stays in memory and on disk. One entry of this size begins a block of its own.
 */
const FILLER = "[]".padEnd(64 * 1024, " ");
/** How long readers that are live have to come past the cut. */
const PASS_MS = 2_000;

/**
 * Cuts the stream at its end when an entry tells of one of them, and gives whether one did. Entries hold the changes
 * of many conversations: a client that is further behind is told to load snapshots, and misses none of the others.
 */
export async function forgetInStream(
  redis: Redis,
  { conversations, contacts }: { conversations: ReadonlySet<string>; contacts: ErasedContacts },
  key: string = CHANGES_KEY,
): Promise<boolean> {
  let isThere = false;
  for (let from = "-"; ;) {
    const entries = await redis.xrange(key, from, "+", "COUNT", ENTRIES_AT_ONCE);
    const texts = entries.map(([, fields]) => fields[fields.indexOf(CHANGES_FIELD) + 1] ?? "");
    const changes = texts.flatMap((text) => {
      const read = changesOf(text);
      // What no worker wrote is of no use to anyone: it goes if it names one of them.
      if (read === null) isThere ||= namesOneOf(text, conversations);
      return read ?? [];
    });
    isThere ||= changes.some((change) => tellsOf(change, conversations));
    isThere ||= (await contacts(contactsIn(changes))).size > 0;
    const [end] = entries.at(-1) ?? [];
    if (isThere || end === undefined || entries.length < ENTRIES_AT_ONCE) break;
    from = `(${end}`;
  }
  if (!isThere) return false;
  const cut = await redis.xadd(key, "*", CHANGES_FIELD, FILLER);
  await sleep(PASS_MS);
  if (cut !== null) await redis.xtrim(key, "MINID", cut);
  return true;
}

/** Cuts off what was announced before `before`, in milliseconds since 1970: entries go by Redis' clock. */
export async function forgetStreamBefore(
  redis: Redis,
  before: number,
  key: string = CHANGES_KEY,
): Promise<void> {
  await redis.xtrim(key, "MINID", String(before));
}

function changesOf(text: string): Change[] | null {
  try {
    return JSON.parse(text) as Change[];
  } catch {
    return null;
  }
}

export const namesOneOf = (text: string, conversations: ReadonlySet<string>): boolean => {
  const lower = text.toLowerCase();
  return [...conversations].some((id) => lower.includes(id));
};
