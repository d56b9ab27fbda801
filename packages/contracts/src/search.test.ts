import fc from "fast-check";
import { expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-ms.ts";
import { fold, matchesIn, queryTerms, words } from "./search.ts";

/** What a phone number of so many digits adds to the words of a text. */
const phoneWords = (digits: string): string[] => [
  ...new Set([digits.length, 8, 9, 10, 11].filter((n) => n <= digits.length).map((n) => digits.slice(-n))),
];

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
    ["d", "agua", "foo", "bar", "ana", "ex", "com", "11", "98765", "4321", ...phoneWords("11987654321")],
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
  const digits = Array.from({ length: 32_768 }, (_, index) => (index * index * 7919) % 10);
  expect(Buffer.byteLength(words(digits.join(" ")).join(" "))).toBeLessThan(256 * 1024);
  const distinct = Array.from({ length: 65_536 / 4 }, (_, index) => index.toString(36).padStart(3, "\u0c95"));
  expect(Buffer.byteLength(words(distinct.join(" ")).join(" "))).toBeLessThan(1024 * 1024);
});

test("folding what is folded changes nothing, and never fails", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
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

/** As a search does it: each term by its word or by all of its parts. */
const finds = (text: string, query: string): boolean => {
  const held = new Set(words(text));
  return queryTerms(query).every(
    ({ word, parts }) => held.has(word) || (parts?.every((part) => held.has(part)) ?? false),
  );
};

const WRITTEN = [
  "+55 (11) 91234-5678",
  "5511912345678",
  "+5511912345678",
  "55 11 91234 5678",
  "+55.11.91234.5678",
  "+55 11 9 1234-5678",
  "+55\u00a0(11)\u00a091234\u20115678",
  "+55 (11) 91234–5678",
  "\u202a+55 11 91234-5678\u202c",
  "＋５５（１１）９１２３４−５６７８".replace("−", "－"),
];

test.each(WRITTEN)("a phone number written as %s is found however it is asked for", (written) => {
  for (const text of [written, `Tel.: ${written}.`, `ligue (${written}), 14:30`, `${written}\n10 dias`]) {
    for (const query of [
      ...WRITTEN,
      "912345678",
      "11912345678",
      "(11) 91234-5678",
      "11 912345678",
      "91234-5678",
      "9 1234 5678",
      "1234-5678",
      "12345678",
      "1191234-5678",
    ])
      expect(finds(text, query), `${query} in ${text}`).toBe(true);
    for (const query of ["91234-5679", "21 91234-5678", "912345679", "(12) 91234-5678", "2345678"])
      expect(finds(text, query), `${query} in ${text}`).toBe(false);
  }
});

test("a phone number that is written without the code of its country is found with it", () => {
  for (const query of ["5511912345678", "+55 (11) 91234-5678", "+55 11 912345678"]) {
    expect(finds("ligue (11) 91234-5678", query), query).toBe(true);
    expect(finds("ligue 11912345678", query), query).toBe(true);
    expect(finds("ligue (21) 91234-5678", query), query).toBe(false);
  }
});

test("phone numbers side by side, or beside other numbers, are found each by itself", () => {
  const text = "(11) 91234-5678 (21) 98888-7777 / 3456-7890/3456-7891 10/03 2 caixas";
  for (const query of ["11912345678", "912345678", "21988887777", "98888-7777", "34567890", "3456-7891"])
    expect(finds(text, query), query).toBe(true);
  expect(finds("91234-5678 14:30", "912345678")).toBe(true);
  expect(finds("pedido 4321 91234-5678", "912345678")).toBe(true);
  expect(finds(text, "91234-5678 21 98888-7777")).toBe(true);
});

test.each([
  ["a time", "14:30:55", ["14", "30", "55"]],
  ["a time after a date's letters", "21T14:30:55.123", ["21t14", "30", "55", "123"]],
  ["money", "R$ 1.234,56", ["r", "1", "234", "56"]],
  ["a number too long for a phone", "12345678901234567890", ["12345678901234567890"]],
  ["digits within a word", "x12345678-1 1234-5678y", ["x12345678", "1", "1234", "5678y"]],
  ["few digits", "123-4567", ["123", "4567"]],
  ["too much between them", "1234 -- - 5678", ["1234", "5678"]],
  ["lines", "1234\n5678", ["1234", "5678"]],
  [
    "a version or an address of many parts",
    "1.2.3.4.5.6.7.8.9.1.2.3.4.5.6.7",
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
  ],
])("%s has no words beside its own", (_what, text, found) => {
  expect(words(text)).toEqual(found);
});

test("a date is found by itself and by its parts, also in a text that was indexed before phone numbers were", () => {
  expect(words("2025-02-21")).toEqual(["2025", "02", "21", "20250221"]);
  expect(finds("em 2025-02-21 14:30", "2025-02-21")).toBe(true);
  expect(finds("21, 02 de 2025", "2025-02-21")).toBe(true);
  expect(finds("em 2025-02-22", "2025-02-21")).toBe(false);
});

test.each<[string, ReturnType<typeof queryTerms>]>([
  [
    "Olá (11) 91234-5678 olá mundo",
    [
      { word: "ola", parts: null },
      { word: "11912345678", parts: ["11", "91234", "5678"] },
      { word: "mundo", parts: null },
    ],
  ],
  ["912345678", [{ word: "912345678", parts: null }]],
  [
    "1234-5678 x 12345678",
    [
      { word: "12345678", parts: ["1234", "5678"] },
      { word: "x", parts: null },
    ],
  ],
  ["11-11-11-11", [{ word: "11111111", parts: ["11"] }]],
  ["123-4567", ["123", "4567"].map((word) => ({ word, parts: null }))],
  [
    "(11) 91234-5678 98888-7777",
    [
      { word: "11", parts: null },
      { word: "912345678", parts: ["91234", "5678"] },
      { word: "988887777", parts: ["98888", "7777"] },
    ],
  ],
  ["1".repeat(100), [{ word: "1".repeat(64), parts: null }]],
  ["", []],
])("a query for %s", (query, terms) => {
  expect(queryTerms(query)).toEqual(terms);
});

test("every text without a number is asked for by its words, and reading numbers takes no longer than the text is long", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).filter((text) => !/\p{N}/u.test(fold(text))),
      (text) => {
        expect(queryTerms(text)).toEqual(words(text).map((word) => ({ word, parts: null })));
      },
    ),
  );
  for (const text of ["1", "1 ", "1 /", "1-a", "123456789012345 ", "1".repeat(15) + "/"]) {
    const long = text.repeat(65_536 / text.length);
    expect(cpuMs(() => [words(long), queryTerms(long)])).toBeLessThan(2_000);
  }
});

const marked = (text: string, query: string): string =>
  matchesIn(text, query)
    .toReversed()
    .reduce(
      (shown, { from, to }) => `${shown.slice(0, from)}[${shown.slice(from, to)}]${shown.slice(to)}`,
      text,
    );

test.each([
  ["words, whatever their case and accents", "Você recebeu o Café?", "cafe VOCE", "[Você] recebeu o [Café]?"],
  ["another normal form, as it is", "o cafe\u0301 e", "café", "o [cafe\u0301] e"],
  ["whole words", "ola olaria Ola", "ola mundo", "[ola] olaria [Ola]"],
  ["the last word as a beginning, so far as it goes", "olá Olaria xolá", "ola", "[olá] [Ola]ria xolá"],
  ["one letter as a word of its own", "a casa é a minha", "a", "[a] casa é [a] minha"],
  ["what is longer once folded", "die Straße ﬁm", "strasse fi", "die [Straße] [ﬁ]m"],
  ["emoji, whatever colours them", "ok 👍🏽 👍 👨‍👩‍👧", "👍", "ok [👍🏽] [👍] 👨‍👩‍👧"],
  ["what breaks lines unseen", "co\u00adoperar bem", "cooperar x", "[co\u00adoperar] bem"],
  ["scripts without spaces, together", "东京東京タワー", "東京", "东[京東京]タワー"],
  ["decomposed Hangul", "한글".normalize("NFD") + " 한글", "한글 x", `[${"한글".normalize("NFD")}] [한글]`],
  [
    "a phone number as a whole",
    "tel. +55 (11) 91234-5678, já",
    "912345678",
    "tel. [+55 (11) 91234-5678], já",
  ],
  ["one that is being typed", "tel. (11) 91234-5678, ja", "91234-56 ", "tel. (11) [91234]-[56]78, ja"],
  ["one that is typed nearly whole", "tel. (11) 91234-5678, ja", "91234567", "tel. [(11) 91234-5678], ja"],
  ["one in brackets", "(91234-5678)", "91234 5678", "([91234-5678])"],
  ["only the one that was asked for", "1234-5678 / 91234-9999", "12345678", "[1234-5678] / 91234-9999"],
  ["the parts of a date that stands otherwise", "21/02, em 2025", "2025-02-21", "[21]/[02], em [2025]"],
  ["nothing", "nada", "", "nada"],
])("marks %s", (_what, text, query, shown) => {
  expect(marked(text, query)).toBe(shown);
});

test("whatever a text holds, its words are marked where they stand, in order and apart", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, query) => {
      let at = 0;
      for (const { from, to } of matchesIn(`${text} ${query}`, query)) {
        expect(from).toBeGreaterThanOrEqual(at);
        expect(to).toBeGreaterThan(from);
        at = to;
      }
      expect(at > 0).toBe(queryTerms(query).length > 0);
    }),
    { numRuns: 2_000 },
  );
});
