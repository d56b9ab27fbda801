import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Rejection } from "@fio/contracts";
import { standardSignature } from "@fio/service/signature";
import { startReceiver, type Doing, type Receiver } from "../../support/receiver.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { startSystem, type System } from "../../support/system.ts";
import { post } from "../load/post.ts";
import { judge, type Expected, type Verdict } from "./judge.ts";

/** As startSystem gives it to all. */
const WEB_SECRET = "what the web app signs with";
const KEY = Buffer.from("what deliveries are signed with");
const TIMESTAMP = "2025-02-21T10:20:42.349308Z";
const POSTED_AT_ONCE = 100;
const REFUSED_EVERY = 97;

export type Options = {
  deliveries: number;
  conversations: number;
  databaseUrl?: string;
  /** The server of that database, to be killed too. */
  postgres?: PostgresServer;
  /** How long it may take in all. */
  limitMs: number;
  /** A worker with a bug planted. */
  worker?: string;
  say: (line: string) => void;
};

export type Ran = Verdict & {
  accepted: number;
  received: number;
  /** Ids of messages that Fio kept back as its own failure, where agents see them: a worker died twice over each. */
  keptBack: string[];
  requests: number;
  mostAtOnce: number;
  breakdowns: string[];
  seconds: number;
};

/** What a receiver can do to those who send to it; `nth` is the attempt at one message. */
const TROUBLES: Record<string, (nth: number) => Doing> = {
  "the receiver answers 500": () => ({ status: 500 }),
  "the receiver hangs, and has it": () => ({ hang: true, takes: true }),
  "the receiver hangs": () => ({ hang: true }),
  "the receiver cuts, and has it": () => ({ cut: true, takes: true }),
  "the receiver cuts": () => ({ cut: true }),
  "the receiver cuts in the middle of its answer": () => ({ status: 200, cutIn: true }),
  "the receiver takes it and says 503": () => ({
    status: 503,
    takes: true,
    headers: { "retry-after": "1" },
  }),
};

/**
 * Has agents write so many messages while each part is killed in turn and the receiver misbehaves in every way; then waits
 * until all that was accepted has left, and judges what a receiver that honours ids has.
 */
export async function runDeliveries(options: Options): Promise<Ran> {
  const { databaseUrl, postgres, worker, limitMs } = options;
  const receiver = await startReceiver({ keys: [KEY] });
  const system = await startSystem({
    roles: ["worker", "worker", "api"],
    env: { DELIVERY_URL: receiver.url, DELIVERY_SECRETS: KEY.toString(), LOG_LEVEL: "warn" },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(worker === undefined ? {} : { entries: { conversations: worker } }),
  });
  const began = performance.now();
  const deadline = began + limitMs;
  const expected: Expected[] = [];
  const breakdowns: string[] = [];
  let trouble: ((nth: number) => Doing) | null = null;
  receiver.does(({ body, nth }): Doing => {
    if (isRefused(body.data.message.content)) return { status: 410, body: REFUSAL };
    // Every other one: the circuit opens now and then, and some get through.
    return trouble !== null && Math.random() < 0.5 ? trouble(nth) : { status: 200 };
  });
  const sending = { over: false };
  try {
    const breaking = (async () => {
      const strikes = postgres === undefined ? STRIKES : [KILLS_POSTGRES, ...STRIKES];
      const kinds = inTurn(Object.keys(TROUBLES), strikes);
      for (let turn = 0; !sending.over && performance.now() < deadline; turn += 1) {
        const kind = kinds[turn % kinds.length] as string;
        breakdowns.push(kind);
        trouble = TROUBLES[kind] ?? null;
        if (kind === KILLS_POSTGRES) await restart(postgres);
        else if (trouble === null) await strike(kind, system);
        await sleep(400);
        trouble = null;
        await sleep(300);
      }
    })();
    await send(options, { system, expected, deadline });
    let keptBack = new Set<string>();
    const isDone = (): boolean =>
      receiver.received().length >=
      expected.filter(({ id, refused }) => !refused && !keptBack.has(id)).length;
    // As long as there is much left to break, and at least once each; the rest leaves in peace.
    const isMuchLeft = (): boolean => receiver.received().length < 0.9 * expected.length;
    while (!isDone() && performance.now() < deadline && (isMuchLeft() || breakdowns.length < 14)) {
      await sleep(100);
    }
    sending.over = true;
    await breaking;
    while (!isDone() && performance.now() < deadline) {
      await sleep(500);
      keptBack = await readKeptBack(system);
    }
    // What comes too often comes late.
    await sleep(1_500);
    const received = receiver.received();
    return {
      ...judge(
        expected.filter(({ id }) => !keptBack.has(id)),
        received,
      ),
      ...{
        accepted: expected.length,
        received: received.length,
        keptBack: [...keptBack],
        requests: receiver.requests(),
      },
      ...{ mostAtOnce: receiver.mostAtOnce(), breakdowns, seconds: (performance.now() - began) / 1_000 },
    };
  } finally {
    sending.over = true;
    await close(system, receiver);
  }
}

/** As an agent finds them, under "Não entraram". */
async function readKeptBack({ apiUrl }: System): Promise<Set<string>> {
  const ids = new Set<string>();
  let next: string | undefined = `${apiUrl}/rejections?reason=INTERNAL_ERROR&limit=1000`;
  while (next !== undefined) {
    const answer: Response = await fetch(next);
    for (const { event } of (await answer.json()) as Rejection[]) ids.add(event.data.id ?? "");
    const link = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
    next = link === undefined ? undefined : new URL(link, apiUrl).href;
  }
  return ids;
}

const REFUSAL = JSON.stringify({ error: { code: "gone", message: "nobody is there" } });
const isRefused = (content: string): boolean => content.endsWith("refused");

async function close(system: System, receiver: Receiver): Promise<void> {
  await system.remove();
  await receiver.close();
}

const STRIKES = [
  "a worker is killed",
  "the queue forgets",
  "both workers are killed",
  "redis is killed",
  "ingest is killed",
  "the api is killed",
];
const KILLS_POSTGRES = "postgres is killed";

/** One of each in turn: what is killed meets a receiver in trouble. */
const inTurn = (a: readonly string[], b: readonly string[]): string[] =>
  a.flatMap((one, index) => [one, ...b.slice(index, index + 1)]);

async function strike(kind: string, system: System): Promise<void> {
  const [first, second, api] = system.conversations;
  switch (kind) {
    case "a worker is killed":
      return restart(first);
    case "the api is killed":
      return restart(api);
    case "both workers are killed":
      await Promise.all([restart(first), restart(second)]);
      return;
    case "redis is killed":
      return restart(system.redis);
    case "ingest is killed":
      return restart(system.ingests[0]);
    case "the queue forgets":
      await forgetQueue(system);
  }
}

async function restart(one: { kill: () => Promise<unknown>; start: () => Promise<unknown> } | undefined) {
  await one?.kill();
  await one?.start();
}

/** All that the queue knows of deliveries is gone. */
async function forgetQueue({ redis }: System): Promise<void> {
  const { Redis } = await import("ioredis");
  const connection = new Redis(redis.url, { maxRetriesPerRequest: 1 });
  connection.on("error", () => {});
  try {
    const keys = await connection.keys("{fio}:deliveries:*");
    if (keys.length > 0) await connection.del(...keys);
  } catch {
    // Redis is on its way back: then it has nothing to forget yet.
  } finally {
    connection.disconnect();
  }
}

/** Posts as the web app does, again until it is accepted: then its receipt is known. */
async function send(
  { deliveries, conversations, say }: Options,
  { system, expected, deadline }: { system: System; expected: Expected[]; deadline: number },
): Promise<void> {
  const ids = Array.from({ length: conversations }, () => randomUUID());
  for (let from = 0; from < conversations; from += POSTED_AT_ONCE) {
    await postUntilAccepted(
      system,
      ids
        .slice(from, from + POSTED_AT_ONCE)
        .map((id) => ({ type: "NEW_CONVERSATION", timestamp: TIMESTAMP, data: { id } })),
      deadline,
    );
  }
  for (let from = 0; from < deliveries && performance.now() < deadline; from += POSTED_AT_ONCE) {
    const batch = Array.from({ length: Math.min(POSTED_AT_ONCE, deliveries - from) }, (_, index) => {
      const nth = from + index;
      const refused = nth % REFUSED_EVERY === REFUSED_EVERY - 1;
      const conversation = ids[nth % conversations] as string;
      return {
        id: randomUUID(),
        conversation,
        content: `message ${nth}${refused ? " refused" : ""}`,
        refused,
      };
    });
    const author = { id: "marina", name: "Marina Alves" };
    const receipts = await postUntilAccepted(
      system,
      batch.map(({ id, conversation, content }) => ({
        type: "NEW_MESSAGE",
        timestamp: TIMESTAMP,
        data: { id, direction: "SENT", content, conversation_id: conversation, author },
      })),
      deadline,
    );
    if (receipts === null) return;
    batch.forEach((one, index) => expected.push({ ...one, receipt: receipts[index] as string }));
    if ((from / POSTED_AT_ONCE) % 100 === 99) say(`accepted ${expected.length}`);
  }
}

/** A repetition that was accepted twice has the lower receipt; those of one batch keep their order either way. */
async function postUntilAccepted(
  { ingestUrl }: System,
  events: readonly object[],
  deadline: number,
): Promise<string[] | null> {
  const body = JSON.stringify(events);
  while (performance.now() < deadline) {
    const signed = standardSignature({
      key: Buffer.from(WEB_SECRET),
      id: randomUUID(),
      body,
      now: Date.now(),
    });
    const posted = await post(ingestUrl, body, 5_000, signed);
    if (posted !== null && posted !== "never sent" && posted.status === 202) {
      return (JSON.parse(posted.body) as { receipts: string[] }).receipts;
    }
    // Nothing that is down says so: it would be refused for ever.
    if (posted !== null && posted !== "never sent" && posted.status < 500)
      throw new Error(`ingest answered ${posted.status}: ${posted.body}`);
    await sleep(100);
  }
  return null;
}
