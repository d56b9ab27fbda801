import { expect, test } from "vitest";
import { fold } from "@fio/contracts/search";
import { EMOJI, EMOJI_GROUPS } from "./emoji-data.ts";
import { emojiFor } from "./find-emoji.ts";

const found = (query: string, recent: string[] = []) =>
  emojiFor(query, recent).flatMap(({ emoji }) => emoji.map((each) => each.emoji));

test("an emoji is found by words of either language, whatever their accents, by their beginnings", () => {
  for (const query of ["obrigado", "thanks", "por fav"]) expect(found(query)).toContain("🙏");
  expect(found("CORAÇÃO azul")).toEqual(["💙"]);
  expect(found("entrega")).toEqual(["🚚", "🛵"]);
  expect(found("xyzzy")).toEqual([]);
});

test("what was chosen last comes first, when nothing is looked for", () => {
  expect(emojiFor("", ["📦", "👍", "unknown"])[0]).toMatchObject({ group: "recent" });
  expect(found("", ["📦", "👍"]).slice(0, 2)).toEqual(["📦", "👍"]);
});

test("each emoji is one character, listed once, and found by words in both languages", () => {
  const all = EMOJI_GROUPS.flatMap((group) => EMOJI[group]);
  expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length);
  const segments = new Intl.Segmenter("pt", { granularity: "grapheme" });
  for (const { emoji, words } of all) {
    expect([emoji, [...segments.segment(emoji)].length]).toEqual([emoji, 1]);
    expect([emoji, /\p{Extended_Pictographic}|\p{RI}|\u20e3/u.test(emoji)]).toEqual([emoji, true]);
    expect([emoji, fold(words)]).toEqual([emoji, words]);
  }
});
