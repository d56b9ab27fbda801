import { expect, test } from "vitest";
import type { ToldFrame } from "@fio/contracts";
import { createConnection, type FeedState } from "./connection.ts";

function rig() {
  let clock = 0;
  let timers: { at: number; run: () => void }[] = [];
  const opened: { query: string; write: (text: string) => void; cut: () => void }[] = [];
  const changes: ToldFrame[] = [];
  const states: FeedState[] = [];
  let resets = 0;
  let skips = 0;
  let refuse = false;
  let out = false;
  let hang = false;
  const connection = createConnection({
    now: () => clock,
    random: () => 0.5,
    after: (milliseconds, run) => {
      const timer = { at: clock + milliseconds, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
    open: (query) => {
      if (out) return Promise.resolve("out");
      if (refuse) return Promise.resolve(null);
      if (hang) return new Promise(() => {});
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      opened.push({
        query,
        write: (text) => void writer.write(new TextEncoder().encode(text)).catch(() => {}),
        cut: () => void writer.abort().catch(() => {}),
      });
      return Promise.resolve(readable);
    },
    onChanges: (given) => changes.push(...given),
    onReset: () => (resets += 1),
    onSkipped: () => (skips += 1),
    onState: (state) => states.push(state),
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    connection,
    opened,
    changes,
    resets: () => resets,
    skips: () => skips,
    state: () => states.at(-1),
    refuse: (on: boolean) => (refuse = on),
    signOut: (on: boolean) => (out = on),
    hang: (on: boolean) => (hang = on),
    settle,
    /** Moves the clock, running what falls due. */
    pass: async (milliseconds: number) => {
      const end = clock + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        clock = next.at;
        next.run();
        await settle();
      }
      clock = end;
      await settle();
    },
  };
}

const ready = (position: string) =>
  `event: ready\nid: ${position}\ndata: {"event":"ready","position":"${position}"}\n\n`;
const removed = (id: string, position?: string) =>
  `event: message_removed\n${position === undefined ? "" : `id: ${position}\n`}data: ${JSON.stringify({ event: "message_removed", conversation_id: "c", version: 1, message_id: id, receipt: "1" })}\n\n`;

test("after a cut it goes on from the last position, and counts what it had missed", async () => {
  const { connection, opened, changes, state, pass, settle } = rig();
  connection.follow(["c"], "3-0");
  await settle();
  expect(opened[0]?.query).toBe("conversation=c&after=3-0");
  opened[0]?.write(ready("3-0") + removed("a", "4-0"));
  await settle();
  expect(state()?.kind).toBe("live");
  opened[0]?.cut();
  await settle();
  expect(state()).toMatchObject({ kind: "waiting", attempt: 1 });
  await pass(400);
  expect(opened[1]?.query).toBe("conversation=c&after=4-0");
  opened[1]?.write(removed("b", "5-0") + ready("5-0"));
  await settle();
  expect(state()).toMatchObject({ kind: "live", recovered: 1 });
  expect(changes).toHaveLength(2);
});

test("a frame without an id moves no position: changes before it may not have been sent", async () => {
  const { connection, opened, settle } = rig();
  connection.follow(["c"], "3-0");
  await settle();
  opened[0]?.write(ready("3-0") + removed("a"));
  await settle();
  expect(connection.position()).toBe("3-0");
});

test("silence is a cut, whatever the network says; a heartbeat is not silence", async () => {
  const { connection, opened, state, pass, settle } = rig();
  connection.follow([], null);
  await settle();
  opened[0]?.write(ready("3-0"));
  await settle();
  for (let beat = 0; beat < 4; beat += 1) {
    await pass(15_000);
    opened[0]?.write(": heartbeat\n\n");
    await settle();
  }
  expect(opened).toHaveLength(1);
  await pass(36_000);
  expect(opened).toHaveLength(2);
  expect(state()?.kind).toBe("connecting");
});

test("what was asked for and not answered is asked for anew, over six dead connections within 15 seconds", async () => {
  const { connection, opened, state, hang, pass, settle } = rig();
  hang(true);
  connection.follow([], null);
  await settle();
  await pass(14_900);
  hang(false);
  expect(opened).toHaveLength(0);
  await pass(200);
  expect(opened).toHaveLength(1);
  opened[0]?.write(ready("3-0"));
  await settle();
  await pass(10_000);
  expect(opened).toHaveLength(1);
  expect(state()?.kind).toBe("live");
});

test("it never gives up, and comes back at once when it is woken", async () => {
  const { connection, opened, state, refuse, pass, settle } = rig();
  refuse(true);
  connection.follow([], null);
  await settle();
  await pass(600_000);
  expect(state()?.attempt).toBeGreaterThan(50);
  refuse(false);
  connection.wake();
  await settle();
  expect(opened).toHaveLength(1);
});

test("a reset forgets nothing of what follows it", async () => {
  const { connection, opened, changes, resets, settle } = rig();
  connection.follow(["c"], "3-0");
  await settle();
  opened[0]?.write(
    `event: reset\nid: 9-0\ndata: {"event":"reset","position":"9-0"}\n\n${removed("a", "10-0")}`,
  );
  await settle();
  expect(resets()).toBe(1);
  expect(changes).toHaveLength(1);
  expect(connection.position()).toBe("10-0");
});

test("that rows were left out is told, and the place goes on from where it was", async () => {
  const { connection, opened, changes, resets, skips, settle } = rig();
  connection.follow(["c"], "3-0");
  await settle();
  opened[0]?.write(`event: skipped\ndata: {"event":"skipped"}\n\n${removed("a", "10-0")}`);
  await settle();
  expect([skips(), resets()]).toEqual([1, 0]);
  expect(changes).toHaveLength(1);
  expect(connection.position()).toBe("10-0");
});

test("a conversation whose snapshot is older than the stream is followed from there", async () => {
  const { connection, opened, settle } = rig();
  connection.follow([], "9-0");
  connection.follow(["c"], "7-5");
  await settle();
  expect(opened.at(-1)?.query).toBe("conversation=c&after=7-5");
});

test("who is signed out is told so until they sign in again, and then misses nothing", async () => {
  const { connection, opened, state, settle, pass, signOut } = rig();
  connection.follow([], "1-0");
  await settle();
  opened[0]?.write(ready("1-0"));
  await settle();
  signOut(true);
  connection.wake({ trusted: false });
  await settle();
  expect(state()?.kind).toBe("out");
  await pass(60_000);
  expect(state()?.kind).toBe("out");
  signOut(false);
  await pass(15_000);
  expect(opened.at(-1)?.query).toBe("after=1-0");
  opened.at(-1)?.write(ready("1-0"));
  await settle();
  expect(state()?.kind).toBe("live");
});
