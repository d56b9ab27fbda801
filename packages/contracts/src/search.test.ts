import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, words } from "./search.ts";

test.each([
  ["accents", "AÇÃO é naïve", ["acao", "e", "naive"]],
  ["the same text in another normal form", "ação".normalize("NFD"), ["acao"]],
  ["case, also where it changes the length", "Straße STRASSE ẞ", ["strasse", "ss"]],
  ["sigma at the end of a word", "ΛΌΓΟΣ λόγος", ["λογοσ"]],
  ["Turkish i", "İstanbul ISI ısı", ["istanbul", "isi"]],
  ["ordinals, ligatures, width and style", "1ª nº ﬁm ＯＬＡ 𝐎𝐥𝐚", ["1a", "no", "fim", "ola"]],
  [
    "what stands between words",
    "d'água foo_bar, ana@ex.com; (11) 98765-4321",
    ["d", "agua", "foo", "bar", "ana", "ex", "com", "11", "98765", "4321"],
  ],
  ["soft hyphens and zero width", "co\u00adoperar o\u200bi", ["cooperar", "oi"]],
  ["emoji, each a word, whatever its colour", "ok👍🏽👍 ❤️ 1️⃣", ["ok", "👍", "❤", "1"]],
  ["emoji that are joined, as those they are made of", "👨‍👩‍👧", ["👨", "👩", "👧"]],
  ["flags", "🇧🇷🇵🇹", ["🇧🇷", "🇵🇹"]],
  ["Arabic with and without vowels", "مَرْحَبًا مرحبا", ["مرحبا"]],
  ["Hebrew with and without points", "שָׁלוֹם שלום", ["שלום"]],
  ["right-to-left marks", "\u202eשלום\u202c\u200f", ["שלום"]],
  ["Hindi, whose vowels are letters in their own right", "हिन्दी", ["हिन्दी"]],
  [
    "scripts without spaces, by their characters",
    "東京タワー ไทย",
    ["東", "京", "タ", "ワ", "ー", "ไ", "ท", "ย"],
  ],
  ["nothing but signs", "?! … — \u0000 \ue000", []],
])("%s", (_what, text, found) => {
  expect(words(text)).toEqual(found);
});

test("a word is listed once, at its first place", () => {
  expect(words("b a B á")).toEqual(["b", "a"]);
});

test("a word is cut where an index could not hold it, in texts and in queries alike", () => {
  expect(words("x".repeat(70_000))).toEqual(["x".repeat(64)]);
  expect(words("🄰".repeat(100))).toEqual(words("🄰".repeat(200)));
});

test("the words of the longest text fit into a tsvector, whatever it is made of", () => {
  for (const text of ["\ufdfa", "\u1d161", "가"].map((one) => one.repeat(65_536))) {
    expect(Buffer.byteLength(words(text).join(" "))).toBeLessThan(1024 * 1024);
  }
  const distinct = Array.from({ length: 65_536 / 4 }, (_, index) => index.toString(36).padStart(3, "\u0c95"));
  expect(Buffer.byteLength(words(distinct.join(" ")).join(" "))).toBeLessThan(1024 * 1024);
});

test("folding what is folded changes nothing, and never fails", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(words(words(text).join(" "))).toEqual(words(text));
      expect(words(fold(text))).toEqual(words(text));
    }),
    { numRuns: 2_000 },
  );
});

test("no word holds anything but letters, digits, their marks and emoji", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const word of words(text))
        expect(word).toMatch(/^[\p{L}\p{N}\p{M}\p{RI}\p{Extended_Pictographic}]+$/u);
    }),
    { numRuns: 2_000 },
  );
});
