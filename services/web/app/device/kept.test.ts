import { afterEach, expect, test, vi } from "vitest";
import { kept, type Memory } from "./kept.ts";
import { browser } from "./testing/browser.ts";

afterEach(() => vi.unstubAllGlobals());

const list = (memory: Memory) =>
  kept<readonly string[]>({
    key: "fio.list",
    read: (text) => (text === null ? [] : (JSON.parse(text) as string[])),
    write: (value) => (value.length === 0 ? null : JSON.stringify(value)),
    memory: () => memory,
  });

test("a value is kept, told to who listens, and forgotten when there is nothing to keep", () => {
  const { texts, memory } = browser();
  const one = list(memory);
  const told = vi.fn();
  const stop = one.subscribe(told);
  expect(one.set(["a"])).toBe(true);
  expect([one.get(), texts.get("fio.list"), told.mock.calls.length]).toEqual([["a"], '["a"]', 1]);
  one.set([]);
  expect([one.get(), texts.has("fio.list")]).toEqual([[], false]);
  stop();
  one.set(["b"]);
  expect(told).toHaveBeenCalledTimes(2);
});

test("what another tab keeps is heard here, and what it keeps under other names is not", () => {
  const { texts, memory, elsewhere, heard } = browser();
  const one = list(memory);
  const told = vi.fn();
  const stop = one.subscribe(told);
  expect(one.get()).toEqual([]);
  texts.set("fio.list", '["theirs"]');
  elsewhere("fio.other");
  expect(told).not.toHaveBeenCalled();
  elsewhere("fio.list");
  expect([told.mock.calls.length, one.get()]).toEqual([1, ["theirs"]]);
  stop();
  expect(heard.size).toBe(0);
});

test("the same text is the same value, so that nothing is drawn again for it", () => {
  const { memory } = browser();
  const one = list(memory);
  one.set(["a"]);
  expect(one.get()).toBe(one.get());
});

test("where nothing can be kept the value lasts as long as the tab", () => {
  const { memory } = browser({ room: 4 });
  const one = list(memory);
  expect(one.set(["too long to be kept"])).toBe(false);
  expect(one.get()).toEqual(["too long to be kept"]);
});
