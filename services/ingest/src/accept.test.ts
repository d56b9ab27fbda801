import { expect, test } from "vitest";
import type { Receipt } from "@fio/contracts";
import { creation } from "../../../test/support/events.ts";
import { createAcceptor } from "./accept.ts";
import { createMetrics } from "./metrics.ts";
import { createWatch, type Listeners, type Watch } from "./watch.ts";

const receipt = "1740133241350102" as Receipt;
const NOW = Date.parse("2025-02-21T10:20:45Z");

/** An acceptor whose flush ends when the test says so. */
function setUp() {
  const listeners: Listeners = new Map();
  const open = new Set<Watch>();
  let onDisk = (): void => {};
  const flushed = new Promise<void>((resolve) => (onDisk = resolve));
  const accept = createAcceptor({
    clockWatch: { saw: () => {} },
    metrics: createMetrics(),
    place: async () => {
      await flushed;
      return [receipt];
    },
    outcomes: {
      watch: () => {
        const watch = createWatch({
          listeners,
          early: () => undefined,
          onBegin: () => {},
          onEnd: () => open.delete(watch),
        });
        open.add(watch);
        return watch;
      },
      listening: () => true,
      release: () => {},
    },
  });
  const body = Buffer.from(JSON.stringify(creation()));
  return {
    accept: (waiting: AbortSignal) => accept(body, { now: NOW, waiting, signer: "sender", trace: null }),
    onDisk,
    open,
    listeners,
  };
}

test("a sender that leaves while its events are on their way to Redis frees its wait at once", async () => {
  const { accept, onDisk, open, listeners } = setUp();
  const left = new AbortController();
  const accepted = accept(left.signal);
  expect(open.size).toBe(1);
  left.abort();
  expect(open.size).toBe(0);
  onDisk();
  expect(await accepted).toMatchObject({ kind: "accepted", receipts: [receipt] });
  expect(listeners.size).toBe(0);
});

test("a sender that has left before waits for nothing, and its events are accepted", async () => {
  const { accept, onDisk, open } = setUp();
  onDisk();
  expect(await accept(AbortSignal.abort())).toMatchObject({ kind: "accepted", watch: null });
  expect(open.size).toBe(0);
});

test("a sender that stays is waited for", async () => {
  const { accept, onDisk, open, listeners } = setUp();
  onDisk();
  await accept(new AbortController().signal);
  expect(open.size).toBe(1);
  expect(listeners.size).toBe(1);
});
