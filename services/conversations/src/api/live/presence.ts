import type { Redis } from "ioredis";
import {
  PRESENCE_CHANNEL,
  PRESENCE_LEASE_SECONDS,
  presenceFrame,
  presenceKey,
  type Account,
  type PresenceBody,
  type PresentAgent,
} from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { QueueUnavailable } from "../../replay.ts";
import { frame } from "./frames.ts";

/** Who has which conversation before them, in all processes of the read API. */
export type Presence = {
  /** Takes what a tab says, and gives who is there now. Throws {@link QueueUnavailable} while Redis is away. */
  note: (
    conversation: string,
    by: Pick<Account, "id" | "name">,
    said: PresenceBody,
  ) => Promise<PresentAgent[]>;
  close: () => void;
};

const LEASE_MS = PRESENCE_LEASE_SECONDS * 1_000;
/** Tabs in one conversation; those beyond are not shown. */
const MOST_TABS = 100;

/**
 * Takes one tab's word and gives all that still count: Redis' clock decides, so that processes agree. KEYS: the conversation's.
 * ARGV: the tab, what it says or "", the lease in milliseconds, how many tabs at most. Answers with the time, and then tab and
 * word in turn, as they were before and as they are.
 */
const NOTE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = {}
local after = {}
local tabs = 0
local held = redis.call('HGETALL', KEYS[1])
for at = 1, #held, 2 do
  if tonumber(string.match(held[at + 1], '^%d+')) <= now then
    redis.call('HDEL', KEYS[1], held[at])
  else
    before[#before + 1] = held[at + 1]
    if held[at] ~= ARGV[1] then
      after[#after + 1] = held[at + 1]
      tabs = tabs + 1
    end
  end
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
elseif tabs < tonumber(ARGV[4]) then
  local word = string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2]
  redis.call('HSET', KEYS[1], ARGV[1], word)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  after[#after + 1] = word
end
return { string.format('%.0f', now), before, after }`;

/** `tell` sends to those who follow a conversation. Takes over both connections, impatient ones: one only hears. */
export function openPresence({
  redis,
  hearing,
  tell,
  log,
  leaseMs = LEASE_MS,
}: {
  redis: Redis;
  hearing: Redis;
  tell: (conversation: string, bytes: Buffer) => void;
  log: Log;
  leaseMs?: number;
}): Presence {
  const subscribe = (): void =>
    void hearing
      .subscribe(PRESENCE_CHANNEL)
      .catch((error: unknown) => log.warn({ err: error }, "who is in a conversation is not heard"));
  hearing.on("ready", subscribe);
  if (hearing.status === "ready") subscribe();
  hearing.on("message", (_channel: string, text: string) => {
    // Processes of this version and of others write it.
    const heard = presenceFrame.safeParse(jsonOf(text));
    if (heard.success) tell(heard.data.conversation_id, Buffer.from(frame(heard.data)));
  });

  return {
    note: async (conversation, { id, name }, { tab, doing }) => {
      const word = doing === "left" ? "" : JSON.stringify({ id, name, writing: doing === "writing" });
      const [now, before, after] = await redis
        .eval(NOTE, 1, presenceKey(conversation), `${id} ${tab}`, word, leaseMs, MOST_TABS)
        .then((answer) => answer as [string, string[], string[]])
        .catch((error: unknown) => {
          throw new QueueUnavailable("who is in a conversation is not known", { cause: error });
        });
      const agents = agentsOf(after, Number(now));
      if (seen(agents) !== seen(agentsOf(before, Number(now)))) {
        const told = JSON.stringify({ event: "presence", conversation_id: conversation, agents });
        // Whoever is not told hears of it with their own next word.
        await redis.publish(PRESENCE_CHANNEL, told).catch(() => {});
      }
      return agents;
    },
    close: () => {
      redis.disconnect();
      hearing.disconnect();
    },
  };
}

/** One of each agent, by name: writing where one of their tabs is, and there for as long as the last of them. */
function agentsOf(words: readonly string[], now: number): PresentAgent[] {
  const agents = new Map<string, PresentAgent>();
  for (const word of words) {
    const space = word.indexOf(" ");
    const said = JSON.parse(word.slice(space + 1)) as Omit<PresentAgent, "lasts_ms">;
    const known = agents.get(said.id);
    agents.set(said.id, {
      ...said,
      writing: said.writing || known?.writing === true,
      lasts_ms: Math.max(Number(word.slice(0, space)) - now, known?.lasts_ms ?? 0),
    });
  }
  return [...agents.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What others see of it. */
const seen = (agents: readonly PresentAgent[]): string =>
  JSON.stringify(agents.map(({ id, name, writing }) => [id, name, writing]));
