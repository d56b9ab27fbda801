import type { LiveFrame, ToldFrame } from "@fio/contracts";
import { comparePositions } from "@fio/contracts/positions";
import { createEventReader } from "./sse.ts";

/** How the connection is. Times in milliseconds since 1970. */
export type FeedState = {
  /** `live`: all changes are received. `waiting`: cut off, tried again at `retryAt`. `out`: so too, since nobody is signed in. */
  kind: "connecting" | "live" | "waiting" | "out";
  attempt: number;
  retryAt: number | null;
  /** When the other end was last heard, a heartbeat included. */
  heardAt: number | null;
  since: number | null;
  /** How many changes came late, after the last cut. */
  recovered: number | null;
};

export type ConnectionDeps = {
  /** Opens the stream; rejects or resolves to `null` when it is not available, to `out` when the agent is signed in no more. */
  open: (query: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | "out" | null>;
  now: () => number;
  after: (milliseconds: number, run: () => void) => () => void;
  random: () => number;
  onChanges: (changes: ToldFrame[]) => void;
  /** What was missed is not available: snapshots must be loaded. */
  onReset: () => void;
  /** Some changes of rows were left out: the lists that are shown must be read again. */
  onSkipped: () => void;
  onState: (state: FeedState) => void;
};

/** Heartbeats come every 15 s: after this the other end counts as gone. */
const SILENCE_MS = 35_000;
/**
 * A stream answers as soon as it is asked for: one that does not is retried long before. A browser keeps up to six
 * connections and reuses an idle one for the next request; on a path that died silently all are dead, and each
 * aborted request closes one.
 */
const answerMs = (unanswered: number): number => (unanswered < 6 ? 2_500 : 8_000);
/** When the page becomes visible again, a connection that has been silent for longer than this is not trusted. */
const STALE_MS = 20_000;
const RETRY_MS = [300, 1_000, 2_000, 4_000, 8_000];

export type Connection = {
  /** Follows these conversations, from `after` on where that is earlier than what was heard. */
  follow: (ids: readonly string[], after: string | null) => void;
  /** The page is visible again, or the network is back: reconnects without waiting for a timer. */
  wake: (how?: { trusted: boolean }) => void;
  close: () => void;
  position: () => string | null;
};

/** One live stream that never gives up: it resumes by position after any cut, and notices silent ones. */
export function createConnection(deps: ConnectionDeps): Connection {
  let followed: readonly string[] = [];
  let position: string | null = null;
  let state: FeedState = {
    kind: "connecting",
    attempt: 0,
    retryAt: null,
    heardAt: null,
    since: null,
    recovered: null,
  };
  let current: AbortController | null = null;
  let cancelRetry: (() => void) | null = null;
  let cancelSilence: (() => void) | null = null;
  let unanswered = 0;
  let wasLive = false;
  let closed = false;

  const set = (fields: Partial<FeedState>): void => {
    state = { ...state, ...fields };
    deps.onState(state);
  };
  const silent = (): void => {
    set({ kind: "connecting", attempt: Math.max(1, state.attempt) });
    connect();
  };
  const heard = (): void => {
    unanswered = 0;
    cancelSilence?.();
    cancelSilence = deps.after(SILENCE_MS, silent);
    set({ heardAt: deps.now() });
  };

  const isLive = (missed: number): void => {
    // Following another conversation needs a new connection, which does not count as a cut.
    const cut = wasLive && state.kind !== "live";
    set({
      kind: "live",
      attempt: 0,
      retryAt: null,
      since: state.kind === "live" ? state.since : deps.now(),
      recovered: cut ? missed : state.recovered,
    });
    wasLive = true;
  };

  const connect = (): void => {
    if (closed) return;
    cancelRetry?.();
    cancelRetry = null;
    current?.abort();
    const own = new AbortController();
    current = own;
    cancelSilence?.();
    cancelSilence = deps.after(answerMs(unanswered), () => {
      unanswered += 1;
      silent();
    });
    if (state.kind !== "live" && state.kind !== "out") set({ kind: "connecting", retryAt: null });
    void read(own.signal).then((kind) => {
      if (current === own) retry(kind);
    });
  };

  const retry = (kind: "waiting" | "out"): void => {
    if (closed) return;
    cancelSilence?.();
    const attempt = state.kind === "live" ? 1 : state.attempt + 1;
    const base = RETRY_MS[Math.min(attempt - 1, RETRY_MS.length - 1)] ?? 8_000;
    // So that not all browsers of an office reconnect at once.
    const wait = Math.round(base * (0.75 + deps.random() / 2));
    cancelRetry = deps.after(wait, connect);
    set({ kind, attempt, retryAt: deps.now() + wait });
  };

  const read = async (signal: AbortSignal): Promise<"waiting" | "out"> => {
    try {
      const stream = await deps.open(queryOf(followed, position), signal);
      if (stream === "out") return "out";
      if (stream === null) return "waiting";
      heard();
      const reader = stream.getReader();
      const decoder = new TextDecoder();
      const parse = createEventReader();
      let missed = 0;
      let live = false;
      for (;;) {
        const { done, value } = await reader.read();
        if (done || signal.aborted) return "waiting";
        heard();
        const changes: ToldFrame[] = [];
        for (const { id, data } of parse(decoder.decode(value, { stream: true }))) {
          const frame = JSON.parse(data) as LiveFrame;
          if (frame.event === "ready") {
            if (position === null) position = frame.position;
            if (!live) isLive(missed);
            live = true;
          } else if (frame.event === "reset") {
            position = frame.position;
            changes.length = 0;
            deps.onReset();
          } else if (frame.event === "skipped") {
            deps.onSkipped();
          } else if (frame.event === "stalled") {
            live = false;
            set({ kind: "connecting" });
          } else {
            changes.push(frame);
            if (!live) missed += 1;
          }
          if (id !== null) position = id;
        }
        if (changes.length > 0) deps.onChanges(changes);
      }
    } catch {
      // A cut: reported by the retry that follows.
      return "waiting";
    }
  };

  return {
    follow: (ids, after) => {
      followed = ids;
      if (after !== null && (position === null || comparePositions(after, position) < 0)) position = after;
      connect();
    },
    wake: ({ trusted } = { trusted: true }) => {
      if (closed) return;
      const fresh = trusted && state.heardAt !== null && deps.now() - state.heardAt < STALE_MS;
      if (state.kind !== "live" || !fresh) connect();
    },
    close: () => {
      closed = true;
      current?.abort();
      cancelRetry?.();
      cancelSilence?.();
    },
    position: () => position,
  };
}

const queryOf = (ids: readonly string[], after: string | null): string =>
  new URLSearchParams([
    ...ids.map((id) => ["conversation", id]),
    ...(after === null ? [] : [["after", after]]),
  ]).toString();
