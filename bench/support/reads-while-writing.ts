import { spawn } from "node:child_process";
import { once } from "node:events";
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
const PAGE = 50;

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
  const turns = Math.max(1, Math.floor(conversations / 10));
  const writer = spawn(process.execPath, [WRITER, url, rate, conversations - 1, turns].map(String), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(writer, "exit");
  let said = "";
  writer.stdout.on("data", (data: Buffer) => (said += data.toString()));
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
  writer.kill("SIGTERM");
  await ended;
  return Object.fromEntries([
    ...[...times].map(([what, all]): [string, string] => [
      `${what}, while ${rate}/s are written`,
      `p50 ${quantile(all, 0.5).toFixed(1)}, p95 ${quantile(all, 0.95).toFixed(1)} ms`,
    ]),
    ["meanwhile", said.trim().split("\n").at(-1) ?? ""],
  ]);
}
