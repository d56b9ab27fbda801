import { expect, test } from "vitest";
import type { AgentEvent, ErasedEvent, EventOutcome, NewMessage, Receipt, Timestamp } from "@fio/contracts";
import type { Posting } from "./entry.ts";
import { createOutbox, type OutboxMemory } from "./outbox.ts";
import type { Posted } from "./posted.ts";

const receipt = "1778760000000001" as Receipt;
const message = (id: string, minute = 0, conversation = "c"): NewMessage => ({
  type: "NEW_MESSAGE",
  timestamp: `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp,
  data: { id, direction: "SENT", content: id, conversation_id: conversation },
});

function memory(): OutboxMemory & { kept: Map<string, Posting> } {
  const kept = new Map<string, Posting>();
  const listeners = new Set<() => void>();
  return {
    kept,
    all: () => Promise.resolve([...kept.values()]),
    put: (entry) => Promise.resolve(void kept.set(entry.id, entry)),
    remove: (id) => Promise.resolve(void kept.delete(id)),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function rig({ shared = memory(), tab = "one", clock = { now: 0 } } = {}) {
  const posts: string[] = [];
  let timers: { at: number; run: () => void }[] = [];
  let online = true;
  let answer: (event: AgentEvent) => Posted | Promise<Posted> = () => ({ kind: "applied", receipt });
  let outcome: EventOutcome | ErasedEvent | null = null;
  const outbox = createOutbox({
    memory: shared,
    tab,
    now: () => clock.now,
    online: () => online,
    after: (milliseconds, run) => {
      const timer = { at: clock.now + milliseconds, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
    post: async (event) => {
      posts.push(event.data.id);
      return answer(event);
    },
    outcome: () => Promise.resolve(outcome),
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 2));
  return {
    outbox,
    posts,
    shared,
    settle,
    states: () => outbox.entries().map(({ id, state }) => [id, state]),
    answers: (with_: typeof answer) => (answer = with_),
    becomes: (with_: EventOutcome | ErasedEvent | null) => (outcome = with_),
    online: (on: boolean) => (online = on),
    pass: async (milliseconds: number) => {
      const end = clock.now + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        clock.now = next.at;
        next.run();
        await settle();
      }
      clock.now = end;
    },
  };
}

test("what is not known to be accepted is tried again under the same id, ever less often", async () => {
  const { outbox, posts, answers, states, settle, pass } = rig();
  answers(() => ({ kind: "unsent" }));
  outbox.add(message("a"));
  await settle();
  expect(states()).toEqual([["a", "unsent"]]);
  await pass(60_000);
  expect(posts.length).toBeGreaterThan(3);
  expect(posts.length).toBeLessThan(8);
  answers(() => ({ kind: "applied", receipt }));
  await pass(30_000);
  expect(states()).toEqual([["a", "applied"]]);
  expect(new Set(posts)).toEqual(new Set(["a"]));
});

test("messages of a conversation leave in their order: one that does not get out holds those behind it", async () => {
  const { outbox, posts, answers, settle, pass } = rig();
  let down = true;
  answers(() => (down ? { kind: "unsent" } : { kind: "applied", receipt }));
  outbox.add(message("a", 1));
  outbox.add(message("b", 2));
  outbox.add(message("x", 3, "other"));
  await settle();
  expect(posts.toSorted()).toEqual(["a", "x"]);
  down = false;
  await pass(5_000);
  expect(posts.filter((id) => id !== "x")).toEqual(["a", "a", "b"]);
});

test("offline it waits without trying, and leaves when the network is back", async () => {
  const { outbox, posts, online, states, settle } = rig();
  online(false);
  outbox.add(message("a"));
  await settle();
  expect([states(), posts]).toEqual([[["a", "queued"]], []]);
  online(true);
  outbox.wake();
  await settle();
  expect(states()).toEqual([["a", "applied"]]);
});

test("an accepted message that the stream does not show is asked for until it is known what became of it", async () => {
  const { outbox, answers, becomes, states, settle, pass } = rig();
  answers(() => ({ kind: "accepted", receipt, waiting: false }));
  outbox.add(message("a"));
  await settle();
  await pass(2_000);
  expect(states()).toEqual([["a", "accepted"]]);
  becomes({
    type: "NEW_MESSAGE",
    id: "a",
    outcome: "rejected",
    reason: "CONVERSATION_CLOSED",
    receipt,
    conversation_id: "c",
  });
  await pass(5_000);
  expect(outbox.entries()[0]).toMatchObject({ state: "refused", code: "CONVERSATION_CLOSED" });
});

test("nothing of a conversation that was erased stays to be sent, and what is of others does", async () => {
  const { outbox, answers, becomes, shared, settle, pass } = rig();
  answers(() => ({ kind: "accepted", receipt, waiting: false }));
  outbox.add(message("a"));
  outbox.add(message("b"));
  const other = message("x");
  outbox.add({ ...other, data: { ...other.data, conversation_id: "another" } });
  await settle();
  becomes({ type: "NEW_MESSAGE", id: "a", outcome: "erased" });
  outbox.forgetConversation("another");
  await pass(2_000);
  expect(outbox.entries()).toEqual([]);
  expect(await shared.all()).toEqual([]);
  answers(() => ({ kind: "refused", receipt, code: "CONVERSATION_ERASED" }));
  outbox.add(message("late"));
  await settle();
  expect(outbox.entries()).toEqual([]);
});

test("what can never be accepted is not tried again", async () => {
  const { outbox, posts, answers, states, settle, pass } = rig();
  answers(() => ({ kind: "invalid", code: "BODY_TOO_LARGE", fault: undefined }));
  outbox.add(message("a"));
  await settle();
  await pass(600_000);
  expect([states(), posts]).toEqual([[["a", "invalid"]], ["a"]]);
});

test("a message survives the tab that was sending it: another takes it over, under the same id", async () => {
  const shared = memory();
  const clock = { now: 0 };
  const first = rig({ shared, clock });
  first.answers(() => new Promise<Posted>(() => {}));
  first.outbox.add(message("a"));
  await first.settle();
  const second = rig({ shared, clock, tab: "two" });
  await second.outbox.start();
  await second.settle();
  expect(second.posts).toEqual([]);
  await second.pass(25_000);
  expect(second.posts).toEqual(["a"]);
  expect(second.states()).toEqual([["a", "applied"]]);
});

const creation = (id: string): AgentEvent => ({
  type: "NEW_CONVERSATION",
  timestamp: "2026-05-14T12:00:00.000000Z" as Timestamp,
  data: { id },
});
const close = (id: string, minute: number): AgentEvent => ({
  type: "CLOSE_CONVERSATION",
  timestamp: message("x", minute).timestamp,
  data: { id },
});

test("a conversation is begun before its first message, which waits as long as that takes", async () => {
  const { outbox, posts, answers, states, settle, pass } = rig();
  answers(() => ({ kind: "unsent" }));
  outbox.add(creation("c"));
  outbox.add(message("a", 1));
  await settle();
  await pass(2_500);
  expect(posts).toEqual(["c", "c"]);
  answers(() => ({ kind: "accepted", receipt, waiting: false }));
  await pass(10_000);
  expect(posts.slice(2, 4)).toEqual(["c", "a"]);
  expect(states()).toContainEqual(["a", "accepted"]);
});

test("a conversation that cannot be begun gets no message; a retry begins with it again", async () => {
  const { outbox, posts, answers, settle } = rig();
  answers(() => ({ kind: "invalid", code: "UNAUTHORIZED", fault: undefined }));
  outbox.add(creation("c"));
  outbox.add(message("a", 1));
  await settle();
  expect(posts).toEqual(["c"]);
  answers(() => ({ kind: "applied", receipt }));
  outbox.retry("a");
  await settle();
  expect(posts).toEqual(["c", "c", "a"]);
});

test("a discarded first message leaves no conversation behind that was not begun", async () => {
  const { outbox, shared, answers, states, settle } = rig();
  answers(() => ({ kind: "unsent" }));
  outbox.add(creation("c"));
  outbox.add(message("a", 1));
  await settle();
  outbox.remove("a");
  await settle();
  expect(states()).toEqual([]);
  expect([...shared.kept]).toEqual([]);
});

test("a close goes after what was written before it, once, and is over when it is applied", async () => {
  const { outbox, posts, states, answers, settle } = rig();
  let letGo = (_: Posted): void => {};
  answers(() => new Promise<Posted>((resolve) => (letGo = resolve)));
  outbox.add(message("a", 1));
  outbox.add(close("c", 2));
  outbox.add(close("c", 3));
  await settle();
  expect(posts).toEqual(["a"]);
  answers(() => ({ kind: "applied", receipt }));
  letGo({ kind: "accepted", receipt, waiting: false });
  await settle();
  expect(posts).toEqual(["a", "c"]);
  expect(states()).toEqual([["a", "accepted"]]);
});
