import { expect, test } from "vitest";
import type { Connection, ConnectionDeps } from "./connection.ts";
import { createHub, type ToTab } from "./hub.ts";

function rig() {
  const follows: { ids: readonly string[]; after: string | null }[] = [];
  let listeners: Pick<ConnectionDeps, "onChanges" | "onReset" | "onSkipped" | "onState"> | undefined;
  let position: string | null = null;
  const connection: Connection = {
    follow: (ids, after) => {
      follows.push({ ids, after });
      position ??= after;
    },
    wake: () => {},
    close: () => {},
    position: () => position,
  };
  const hub = createHub({
    now: () => 0,
    connect: (given) => {
      listeners = given;
      return connection;
    },
  });
  const tab = () => {
    const heard: ToTab[] = [];
    const { receive } = hub.join((message) => heard.push(message));
    return {
      heard,
      follow: (conversation: string | null, after = "5-0") =>
        receive({ kind: "follow", conversation, after }),
      receive,
    };
  };
  return { follows, tab, move: (to: string) => (position = to), listeners: () => listeners! };
}

test("one stream follows what is open in any tab", () => {
  const { follows, tab } = rig();
  tab().follow("a");
  tab().follow("b");
  expect(follows.at(-1)?.ids.toSorted()).toEqual(["a", "b"]);
});

test("going back to a conversation that was open lately opens no new stream", () => {
  const { follows, tab } = rig();
  const one = tab();
  one.follow("a");
  one.follow("b");
  const before = follows.length;
  one.follow("a", "9-0");
  expect(follows.length).toBe(before);
});

test("a tab whose snapshot is older than the stream is sent what it lacks", () => {
  const { follows, tab, move } = rig();
  tab().follow("a");
  move("9-0");
  tab().follow("a", "7-0");
  expect(follows.at(-1)?.after).toBe("7-0");
});

test("at most twenty are followed, and what is open is among them", () => {
  const { follows, tab } = rig();
  const [one, two] = [tab(), tab()];
  one.follow("kept");
  for (let n = 0; n < 30; n += 1) two.follow(`c${n}`);
  expect(follows.at(-1)?.ids).toHaveLength(20);
  expect(follows.at(-1)?.ids).toContain("kept");
  expect(follows.at(-1)?.ids).toContain("c29");
});

test("changes go to every tab until it says goodbye", () => {
  const { tab, listeners } = rig();
  const [one, two] = [tab(), tab()];
  one.follow(null);
  two.follow(null);
  two.receive({ kind: "bye" });
  listeners().onReset();
  listeners().onSkipped();
  expect(one.heard).toEqual([{ kind: "reset" }, { kind: "skipped" }]);
  expect(two.heard).toEqual([]);
});
