import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { receiptOf } from "@fio/contracts";
import { listConversations } from "../../services/conversations/src/store/queries/conversations.ts";
import { readEventOutcome } from "../../services/conversations/src/store/queries/event-outcome.ts";
import { readHistory } from "../../services/conversations/src/store/queries/history.ts";
import { readThread } from "../../services/conversations/src/store/queries/thread.ts";
import { conversationId, messageId } from "../../services/conversations/src/store/testing/lopsided.ts";
import { quantile } from "./figures.ts";
import type { Store } from "../../services/conversations/src/store/connect.ts";

const WRITER = fileURLToPath(new URL("steady-writer.ts", import.meta.url));
const READS = 300;
const APPLYING_MS = 10_000;
const PAGE = 50;

/** Events a second that one process applies, as fast as it can: messages to a tenth of all conversations by turns. */
export async function applyRate(url: string, conversations: number): Promise<string> {
  const writer = startWriter({ url, conversations, rate: 1e9 });
  await once(writer.stdout, "data");
  await sleep(APPLYING_MS);
  return endOf(writer);
}

function startWriter({
  url,
  conversations,
  rate,
}: {
  url: string;
  conversations: number;
  rate: number;
}): ChildProcessByStdio<null, Readable, null> {
  const turns = Math.max(1, Math.floor(conversations / 10));
  return spawn(process.execPath, [WRITER, url, rate, conversations - 1, turns].map(String), {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The last line that it says. */
async function endOf(writer: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let said = "";
  writer.stdout.on("data", (data: Buffer) => (said += data.toString()));
  const ended = once(writer, "exit");
  writer.kill("SIGTERM");
  await ended;
  return said.trim().split("\n").at(-1) ?? "";
}

/** What agents read again and again, at random over the whole store, in milliseconds: p50 and p95 of each. */
export async function readWhileWriting(
  store: Store,
  {
    url,
    conversations,
    messages,
    rate,
  }: { url: string; conversations: number; messages: number; rate: number },
): Promise<Record<string, string>> {
  const writer = startWriter({ url, conversations, rate });
  await once(writer.stdout, "data");
  const any = (count: number): number => Math.floor(Math.random() * count);
  const reads: Array<[what: string, read: () => Promise<unknown>]> = [
    ["list", () => listConversations(store.read, { state: "OPEN", limit: PAGE })],
    ["thread", () => readThread(store.read, { id: conversationId(any(conversations)), limit: 100 })],
    [
      "thread of a tenth of all messages",
      () => readThread(store.read, { id: conversationId(0), limit: 100 }),
    ],
    [
      "history",
      () =>
        readHistory(store.read, {
          ...{ id: conversationId(any(conversations)), limit: PAGE },
          overdue: receiptOf(Date.now() * 1_000),
        }),
    ],
    [
      "event status",
      () =>
        readEventOutcome(store.read, {
          ...{ type: "NEW_MESSAGE", id: messageId(any(messages)) },
          overdue: receiptOf(Date.now() * 1_000),
        }),
    ],
  ];
  const times = new Map<string, number[]>(reads.map(([what]) => [what, []]));
  for (let round = 0; round < READS; round += 1) {
    for (const [what, read] of reads) {
      const began = performance.now();
      await read();
      times.get(what)?.push(performance.now() - began);
    }
  }
  const written = await endOf(writer);
  return Object.fromEntries([
    ...[...times].map(([what, all]): [string, string] => [
      `${what}, while ${rate}/s are written`,
      `p50 ${quantile(all, 0.5).toFixed(1)}, p95 ${quantile(all, 0.95).toFixed(1)} ms`,
    ]),
    ["meanwhile", written],
  ]);
}
