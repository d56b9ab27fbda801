import type { AgentEvent, ErasedEvent, EventOutcome } from "@fio/contracts";
import { randomId } from "../names/id.ts";
import { dataPath } from "../names/paths.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { openOutboxMemory } from "./outbox-memory.ts";
import type { Posted } from "./posted.ts";
import { after } from "../time/after.ts";
import { createStampClock } from "./stamp-clock.ts";

let outbox: Outbox | undefined;
let offsetMs = 0;

/** Below it the clocks agree: the server tells whole seconds, and its answer took some time. */
const TOLERANCE_MS = 30_000;
/** An answer that took longer tells nothing about the clock. */
const PROMPT_MS = 10_000;

/** Learns from any answer how far the server's clock is ahead of this one. `askedAt` in milliseconds, by this clock. */
function noteServerTime({ headers }: Response, askedAt: number): void {
  const took = Date.now() - askedAt;
  const ahead = Date.parse(headers.get("date") ?? "") - askedAt - took / 2;
  if (Number.isNaN(ahead) || took < 0 || took > PROMPT_MS) return;
  offsetMs = Math.abs(ahead) < TOLERANCE_MS ? 0 : Math.round(ahead);
}

async function askServerTime(): Promise<void> {
  const askedAt = Date.now();
  const answer = await fetch("/healthz", { method: "HEAD", signal: AbortSignal.timeout(PROMPT_MS) }).catch(
    () => null,
  );
  if (answer !== null) noteServerTime(answer, askedAt);
}

/** How far the server's clock is ahead of this one, in milliseconds, as far as is known. */
export const serverAheadMs = (): number => offsetMs;

export const stampInBrowser = createStampClock({
  // Not from the time origin: that clock stops while the machine sleeps.
  now: () => Date.now() + (performance.now() % 1),
  offset: () => offsetMs,
});

/** This browser's outbox, started on first use. */
export function browserOutbox(): Outbox {
  if (outbox !== undefined) return outbox;
  const created = createOutbox({
    memory: openOutboxMemory(),
    post,
    outcome,
    online: () => navigator.onLine,
    now: Date.now,
    after,
    tab: randomId(),
  });
  outbox = created;
  addEventListener("online", created.wake);
  addEventListener("offline", () => created.wake());
  void created.start();
  void askServerTime();
  return created;
}

async function post(event: unknown): Promise<Posted> {
  const body = JSON.stringify(event);
  const askedAt = Date.now();
  const answer = await fetch(dataPath.events, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal: AbortSignal.timeout(12_000),
    // Sent even when the tab is closed right after; browsers allow at most 64 KiB for that.
    keepalive: body.length < 15_000,
  });
  noteServerTime(answer, askedAt);
  return answer.ok ? ((await answer.json()) as Posted) : { kind: "unsent" };
}

async function outcome({ type, data }: AgentEvent): Promise<EventOutcome | ErasedEvent | null> {
  const answer = await fetch(dataPath.event(type, data.id), { signal: AbortSignal.timeout(8_000) });
  return answer.ok ? ((await answer.json()) as EventOutcome | ErasedEvent | null) : null;
}
