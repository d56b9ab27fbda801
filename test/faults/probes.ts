import { setTimeout as sleep } from "node:timers/promises";
import { idOf, type Receipt, type WebhookEvent } from "@fio/contracts";
import { until } from "../support/until.ts";
import type { Struck } from "./fault.ts";
import { post, wireBody } from "./load/post.ts";
import { freshCreation } from "./recovery.ts";
import type { Rig } from "./rig/rig.ts";

const WAIT_SECONDS = 5;

/** Whether an event that is posted with `Prefer` is answered with its outcome: the way back from the workers works. */
async function outcomeComesBack(rig: Rig, ingestUrl: string): Promise<boolean> {
  const event = freshCreation(rig);
  const sentAt = performance.now();
  rig.journal.sending([event]);
  const posted = await post(ingestUrl, wireBody([event], rig.random), (WAIT_SECONDS + 3) * 1_000, {
    prefer: `wait=${WAIT_SECONDS}`,
  });
  if (posted === null || posted === "never sent" || posted.status >= 300) {
    if (posted !== "never sent") rig.journal.leaveUnsure([event]);
    return false;
  }
  const { receipt } = JSON.parse(posted.body) as { receipt: Receipt };
  rig.journal.accept([event], [receipt], { sentAt, answeredAt: performance.now() });
  return posted.status === 201;
}

type LiveClient = {
  /** Resolves once this event's conversation has been shown. */
  shows: (event: WebhookEvent) => Promise<void>;
  close: () => void;
};

/** An agent's browser as far as the stream goes; comes back by itself when it is cut off. */
function followLive({ api }: Rig): LiveClient {
  const stopped = new AbortController();
  const seen = new Set<string>();
  const follow = async (): Promise<void> => {
    const answer = await fetch(`${api.url}/stream`, { signal: stopped.signal });
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of answer.body ?? []) {
      const frames = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) for (const [id] of frame.matchAll(UUID)) seen.add(id);
    }
  };
  const forever = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await follow().catch(() => {});
      await sleep(200, undefined, { ref: false });
    }
  };
  void forever();
  return {
    shows: async (event) => {
      await until(() => seen.has(idOf(event)), {
        what: "a live client is shown a fresh event",
        limitMs: 60_000,
      });
    },
    close: () => stopped.abort(),
  };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * What must hold after a fault of the network beside readiness and a fresh event: each ingest hears of outcomes again,
 * and a live client that was there before is shown what is new.
 */
export function everyoneIsServed(rig: Rig): Required<Pick<Struck, "also" | "repair">> {
  const live = followLive(rig);
  const [first] = rig.system.ingests;
  return {
    also: async () => {
      const answered = await Promise.all(rig.system.ingests.map(({ url }) => outcomeComesBack(rig, url)));
      if (answered.includes(false)) return false;
      const event = freshCreation(rig);
      await rig.sender.deliver([event], first === undefined ? {} : { ingestUrl: first.url });
      await live.shows(event);
      return true;
    },
    repair: () => {
      live.close();
      return Promise.resolve();
    },
  };
}
