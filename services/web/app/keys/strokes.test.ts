import { expect, test } from "vitest";
import { commandOf, COMMANDS, KEYMAP } from "./keymap.ts";
import { calls, capsOf, isMeant, meaningsOf, strokeOf } from "./strokes.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", true>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test.each([
  ["a letter", press("j"), "j"],
  ["a letter with Caps Lock, or Shift", press("J", { shiftKey: true }), "j"],
  ["a sign that needs Shift on this keyboard", press("?", { shiftKey: true }), "?"],
  ["Ctrl or ⌘, either is Mod", press("k", { metaKey: true }), "Mod+k"],
  ["one more key held down is another stroke", press("K", { ctrlKey: true, shiftKey: true }), "Mod+Shift+k"],
  ["named keys with all that is held", press("Enter", { shiftKey: true }), "Shift+Enter"],
])("%s", (_what, pressed, stroke) => {
  expect(strokeOf(pressed)).toBe(stroke);
});

test("every key means one thing in one place", () => {
  for (const field of [true, false]) {
    const keys = COMMANDS.map(commandOf)
      .filter((command) => isMeant(command, { field }))
      .flatMap((command) => command.keys);
    expect(keys.length).toBe(new Set(keys).size);
    // A key that begins another way would never be let through, or always.
    for (const one of keys) expect(keys.some((other) => other.startsWith(`${one} `))).toBe(false);
  }
});

test("a single key that works outside of a field neither sends nor closes: it asks, or opens a field", () => {
  const single = COMMANDS.map(commandOf).filter(
    ({ where, keys }) => where !== "field" && keys.some((each) => each.length === 1),
  );
  expect(single).not.toContain(KEYMAP.send);
  expect(single).not.toContain(KEYMAP.sendAndNext);
});

test("two keys one after the other mean a command, and the first alone only begins it", () => {
  expect(meaningsOf("g", null)).toEqual({ commands: [], begins: true });
  expect(meaningsOf("c", "g")).toEqual({ commands: ["conversations"], begins: false });
  expect(meaningsOf("c", null).commands).toEqual(["copy"]);
  // A slip after the first key does nothing.
  expect(meaningsOf("e", "g")).toEqual({ commands: [], begins: false });
});

test("in the field, Enter sends, with Shift it breaks the line, with Ctrl it goes on to the next", () => {
  expect(calls(press("Enter"), "send")).toBe(true);
  expect(calls(press("Enter", { shiftKey: true }), "send")).toBe(false);
  expect(calls(press("Enter", { altKey: true }), "send")).toBe(false);
  expect(calls(press("Enter", { ctrlKey: true }), "send")).toBe(false);
  expect(calls(press("Enter", { ctrlKey: true }), "sendAndNext")).toBe(true);
  expect(calls(press("Enter", { shiftKey: true }), "breakLine")).toBe(true);
});

test("keys are shown as this machine calls them", () => {
  expect(capsOf("Mod+k", "⌘")).toEqual(["⌘", "K"]);
  expect(capsOf("Shift+Enter", "Ctrl")).toEqual(["Shift", "Enter"]);
  expect(capsOf("g c", "Ctrl")).toEqual(["G", "C"]);
  expect(capsOf("ArrowDown", "Ctrl")).toEqual(["↓"]);
  expect(capsOf("/", "Ctrl")).toEqual(["/"]);
});
