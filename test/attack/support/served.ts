import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { message } from "../../support/events.ts";
import { pacedSender, type Posts } from "../../support/paced-sender.ts";
import { hubSignature } from "../../support/sign.ts";
import type { System } from "../../support/system.ts";
import { SECRETS } from "./target.ts";

/** What they were answered who may: a sender, an agent who reads, and the agent's live stream. */
export type Served = { sender: Posts; agent: Record<string, number>; frames: number; streamEnded: boolean };

/** From now until `stop`, with a message every 100 ms and a page of the list after every 250. */
export function serve(system: System, { cookie, conversation }: { cookie: string; conversation: string }) {
  const stopped = new AbortController();
  const agent: Record<string, number> = {};
  const stream = { frames: 0, ended: false };
  const sender = pacedSender({
    url: system.ingestUrl,
    everyMs: 100,
    signal: stopped.signal,
    make: () => {
      const body = JSON.stringify(message(conversation, { id: randomUUID() }));
      return { body, headers: hubSignature(body, SECRETS.WEBHOOK_SECRETS) };
    },
  });
  const headers = { cookie };
  const read = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const status = await fetch(`${system.webUrl}/data/conversations?state=open`, {
        headers,
        signal: AbortSignal.timeout(20_000),
      }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return String(answer.status);
        },
        (error: unknown) => (error instanceof Error ? error.name : "failed"),
      );
      agent[status] = (agent[status] ?? 0) + 1;
      await sleep(250, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const listen = async (): Promise<void> => {
    try {
      const url = `${system.webUrl}/live?conversation=${conversation}`;
      const answer = await fetch(url, { headers, signal: stopped.signal });
      for await (const part of answer.body ?? []) {
        stream.frames +=
          Buffer.from(part as Uint8Array)
            .toString("utf8")
            .split("event: message\n").length - 1;
      }
    } catch {
      // Ended by `stop`.
    }
    stream.ended = !stopped.signal.aborted;
  };
  const done = Promise.all([read(), listen()]);
  return {
    stop: async (): Promise<Served> => {
      stopped.abort();
      const posts = await sender;
      await done;
      return { sender: posts, agent, frames: stream.frames, streamEnded: stream.ended };
    },
  };
}
