import type { EventOutcome } from "@fio/contracts";
import { randomId } from "../names/id.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { openOutboxMemory } from "./outbox-memory.ts";
import type { Posted } from "./posted.ts";
import { createStampClock } from "./clock.ts";

let outbox: Outbox | undefined;
let offsetMs = 0;

/** How far the server's clock is ahead of this one, from an answer it gave just now. */
export function setClockOffset(serverNow: number): void {
  const off = serverNow - Date.now();
  // Less than that is the time the answer took.
  offsetMs = Math.abs(off) < 30_000 ? 0 : off;
}

export const stampHere = createStampClock({
  // Not from the time origin: that clock stands still while the machine sleeps.
  now: () => Date.now() + (performance.now() % 1),
  offset: () => offsetMs,
});

/** This browser's outbox, started on first use. */
export function outboxHere(): Outbox {
  if (outbox !== undefined) return outbox;
  const created = createOutbox({
    memory: openOutboxMemory(),
    post,
    outcome,
    online: () => navigator.onLine,
    now: Date.now,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    tab: randomId(),
  });
  outbox = created;
  addEventListener("online", created.wake);
  addEventListener("offline", () => created.wake());
  void created.start();
  return created;
}

async function post(event: unknown): Promise<Posted> {
  const body = JSON.stringify(event);
  const answer = await fetch("/data/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal: AbortSignal.timeout(12_000),
    // Sent all the same when the tab is closed right after; browsers take at most 64 KiB that way.
    keepalive: body.length < 15_000,
  });
  return answer.ok ? ((await answer.json()) as Posted) : { kind: "unsent" };
}

async function outcome(id: string): Promise<EventOutcome | null> {
  const answer = await fetch(`/data/events/NEW_MESSAGE/${id}`, { signal: AbortSignal.timeout(8_000) });
  return answer.ok ? ((await answer.json()) as EventOutcome | null) : null;
}
