import fc from "fast-check";
import { expect, test } from "vitest";
import type { Conversation, Message, Receipt, Timestamp } from "@fio/contracts";
import { comparePlaces } from "@fio/contracts/place";
import { aroundQuery, threadOf, withMessage, withoutMessage, type Thread } from "./thread.ts";
import { openedAt, trimmed, withNewer, withOlder, withSnapshot } from "./thread-pages.ts";

const message = (n: number): Message => ({
  id: `m${n}`,
  direction: "RECEIVED",
  content: String(n),
  timestamp: `2026-05-14T12:00:00.${String(n).padStart(6, "0")}Z` as Timestamp,
  receipt: String(1_778_760_060_000_000 + n) as Receipt,
});
const page = (version: number, ...numbers: number[]): Conversation => ({
  id: "c",
  state: "OPEN",
  created_at: "2026-05-14T12:00:00.000000Z" as Timestamp,
  closed_at: null,
  version,
  message_count: numbers.length,
  activity_at: "2026-05-14T12:00:00.000000Z" as Timestamp,
  last_message_at: null,
  last_message_preview: null,
  last_message_direction: null,
  waiting_since: null,
  last_received_receipt: null,
  messages: numbers.map(message),
});
const OPEN = ["up", "down"] as const;
const ids = ({ messages }: Thread) => messages.map(({ id }) => id).join(" ");

test("a message beyond an open end waits for its page, and one below the window is new", () => {
  let thread = threadOf(page(1, 5, 6), ...OPEN);
  thread = withMessage(withMessage(thread, message(2), 2), message(9), 3);
  expect(ids(thread)).toBe("m5 m6");
  expect([...thread.arrived].map(([id, { late }]) => [id, late])).toEqual([["m9", false]]);
  expect(ids(withOlder(thread, "up", page(2, 1, 2), null))).toBe("m1 m2 m5 m6");
  const below = withNewer(thread, "down", page(3, 8, 9), null);
  expect([ids(below), below.newer, [...below.outside.keys()]]).toEqual(["m5 m6 m8 m9", null, ["m2"]]);
});

test("a page that was read before a message came is given that message all the same", () => {
  let thread = threadOf(page(1, 5, 6), ...OPEN);
  thread = withMessage(withMessage(thread, message(2), 8), message(9), 9);
  expect(ids(withOlder(thread, "up", page(7, 1, 3), null))).toBe("m1 m2 m3 m5 m6");
  expect(ids(withNewer(thread, "down", page(7, 8), null))).toBe("m5 m6 m8 m9");
  // The page ends above it: it waits for the next one.
  const next = withNewer(thread, "down", page(7, 7, 8), "further");
  expect([ids(next), next.outside.has("m9")]).toEqual(["m5 m6 m7 m8", true]);
});

test("a page that was read before a message was removed does not bring it back", () => {
  const thread = withoutMessage(threadOf(page(1, 5, 6), ...OPEN), "m8", 4);
  expect(ids(withNewer(thread, "down", page(3, 7, 8), null))).toBe("m5 m6 m7");
  expect(ids(openedAt(thread, page(3, 8, 9), { older: "x", newer: null }))).toBe("m9");
});

test("a page that another window asked for changes nothing", () => {
  const thread = threadOf(page(1, 5, 6), ...OPEN);
  expect(withOlder(thread, "another", page(1, 1), null)).toBe(thread);
  expect(withNewer(thread, "another", page(1, 9), null)).toBe(thread);
});

test("a page older than what there was no room for is asked for again", () => {
  let thread = threadOf(page(1, 5, 6), ...OPEN);
  for (let n = 0; n < 201; n += 1) thread = withMessage(thread, message(10 + n), 2 + n);
  expect(thread.outside.size).toBe(200);
  expect(withNewer(thread, "down", page(1, 7), null)).toBe(thread);
  expect(ids(withNewer(thread, "down", page(2, 7, 10), "further"))).toBe("m5 m6 m7 m10");
});

test("a link to a message moves the window there, and is widened where the two meet", () => {
  const thread = threadOf(page(9, 90, 91), "up");
  const far = openedAt(thread, page(9, 10, 11), { older: "up", newer: "down" });
  expect([ids(far), far.older, far.newer]).toEqual(["m10 m11", "up", "down"]);
  const near = openedAt(thread, page(9, 89, 90), { older: "further", newer: "down" });
  expect([ids(near), near.older, near.newer]).toEqual(["m89 m90 m91", "further", null]);
});

test("the latest bring a window that was elsewhere back to the live end, with what came meanwhile", () => {
  let thread = threadOf(page(1, 10, 11), ...OPEN);
  thread = withMessage(thread, message(99), 8);
  const latest = openedAt(thread, page(7, 97, 98), { older: "up", newer: null });
  expect([ids(latest), latest.newer, latest.outside.size]).toEqual(["m97 m98 m99", null, 0]);
});

test("a snapshot of the latest messages leaves a window further up where it is, and closes one that it meets", () => {
  const thread = threadOf(page(1, 10, 11), ...OPEN);
  const apart = withSnapshot(thread, page(5, 98, 99), "x");
  expect([ids(apart), apart.newer, apart.row.version]).toEqual(["m10 m11", "down", 5]);
  const meeting = withSnapshot(thread, page(5, 11, 12), "x");
  expect([ids(meeting), meeting.newer, meeting.older]).toEqual(["m10 m11 m12", null, "up"]);
});

test("after a gap only the snapshot is whole", () => {
  const thread = threadOf(page(1, 1, 2), null);
  const fresh = withSnapshot(thread, page(9, 8, 9), "before=x");
  expect([ids(fresh), fresh.older]).toEqual(["m8 m9", "before=x"]);
});

test("a short snapshot keeps the pages that were loaded above it", () => {
  const thread = withOlder(threadOf(page(1, 4, 5), "p2"), "p2", page(1, 1, 2), null);
  const again = withSnapshot(thread, page(3, 5, 6), "p9");
  expect([ids(again), again.older]).toEqual(["m1 m2 m4 m5 m6", null]);
});

test("a window that grew too long keeps what is near the reader, and can be widened again", () => {
  const thread = withMessage(threadOf(page(1, 1, 2, 3, 4, 5), null), message(6), 7);
  const end = trimmed(thread, { around: null, keep: 2 });
  expect([ids(end), end.older, end.newer]).toEqual(["m4 m5 m6", aroundQuery("m4"), null]);
  const middle = trimmed(thread, { around: "m3", keep: 1 });
  expect([ids(middle), middle.older, middle.newer]).toEqual([
    "m2 m3 m4",
    aroundQuery("m2"),
    aroundQuery("m4"),
  ]);
  const widened = withNewer(middle, aroundQuery("m4"), page(7, 3, 4, 5, 6), null);
  expect([ids(widened), widened.newer]).toEqual(["m2 m3 m4 m5 m6", null]);
  // Nothing can be read around a message that is gone.
  const gone = withoutMessage(middle, "m4", 9);
  expect(gone.newer).toBe(aroundQuery("m3"));
});

/** A conversation's life: at each version one message comes, or goes for good. */
const life = fc
  .array(fc.record({ n: fc.integer({ min: 1, max: 30 }), comes: fc.boolean() }), {
    minLength: 5,
    maxLength: 60,
  })
  .map((changes) => {
    const [came, gone] = [new Set<number>(), new Set<number>()];
    return changes.filter(({ n, comes }) => {
      const [fits, of] = comes ? [!came.has(n), came] : [came.has(n) && !gone.has(n), gone];
      of.add(n);
      return fits;
    });
  });

test("whatever is opened, loaded, cut off and heard, in whatever order, the window shows its part of the store", () => {
  fc.assert(
    fc.property(life, fc.infiniteStream(fc.nat()), (changes, numbers) => {
      const pick = (below: number): number => (numbers.next().value as number) % below;
      const held = new Set<number>();
      const states: number[][] = [[]];
      for (const { n, comes } of changes) {
        if (comes) held.add(n);
        else held.delete(n);
        states.push([...held].sort((a, b) => a - b));
      }
      const read = (version: number, keep: (n: number) => boolean, end: "first" | "last", limit = 3) => {
        const all = states[version] ?? [];
        const side = all.filter(keep);
        const some = end === "first" ? side.slice(0, limit) : side.slice(-limit);
        const [first = 0, last = 99] = [some[0], some.at(-1)];
        return {
          page: page(version, ...some),
          older: all.some((n) => n < first) && some.length > 0 ? `before ${first}` : null,
          newer: all.some((n) => n > last) && some.length > 0 ? `after ${last}` : null,
        };
      };
      const numberOf = (query: string): number => Number(/(\d+)$/.exec(query)?.[1]);
      const start = pick(states.length);
      const first = read(start, () => true, "last");
      let thread = threadOf(first.page, first.older);
      // Frames come in any order near their own, and may come twice; a page is of any version that was heard of.
      let heard = start;
      const frame = (version: number): void => {
        const change = changes[version - 1];
        if (change === undefined) return;
        thread = change.comes
          ? withMessage(thread, message(change.n), version)
          : withoutMessage(thread, `m${change.n}`, version);
      };
      const load = (version: number): void => {
        if (thread.older !== null && pick(2) === 0) {
          const [query, n] = [thread.older, numberOf(thread.older)];
          const around = query.includes("around");
          const got = read(version, (other) => (around ? other <= n + 1 : other < n), "last");
          thread = withOlder(thread, query, got.page, got.older);
        } else if (thread.newer !== null) {
          const [query, n] = [thread.newer, numberOf(thread.newer)];
          const around = query.includes("around");
          const got = read(version, (other) => (around ? other >= n - 1 : other > n), "first");
          thread = withNewer(thread, query, got.page, got.newer);
        }
      };
      while (heard < changes.length) {
        // A page in flight is of now, or of up to two changes that are heard before it comes.
        const version = heard;
        for (let ahead = pick(3); ahead > 0; ahead -= 1) frame((heard = Math.min(heard + 1, changes.length)));
        const all = states[version] ?? [];
        switch (pick(5)) {
          case 0:
            load(version);
            break;
          case 1: {
            const around = all[pick(Math.max(1, all.length))] ?? 0;
            const got = read(version, (n) => n >= around, "first");
            if (got.page.messages.length > 0) thread = openedAt(thread, got.page, got);
            break;
          }
          case 2:
            thread = trimmed(thread, {
              around: thread.messages[pick(thread.messages.length + 1)]?.id ?? null,
              keep: 2,
            });
            break;
          case 3: {
            const got = read(version, () => true, "last");
            thread = withSnapshot(thread, got.page, got.older);
            break;
          }
          default:
            frame((heard = Math.min(heard + 1, changes.length)));
        }
      }
      const shown = thread.messages.map(({ content }) => Number(content));
      const store = states.at(-1) ?? [];
      const from = thread.older === null ? 0 : (shown[0] ?? 0);
      const to = thread.newer === null ? 99 : (shown.at(-1) ?? 99);
      if (shown.length > 0) expect(shown).toEqual(store.filter((n) => n >= from && n <= to));
      expect([...thread.messages].sort(comparePlaces)).toEqual(thread.messages);
      // Read on to both ends, all of it is there.
      for (let tries = 0; tries < 60 && (thread.older ?? thread.newer) !== null; tries += 1)
        load(changes.length);
      expect(thread.messages.map(({ content }) => Number(content))).toEqual(store);
    }),
    { numRuns: 500 },
  );
});
