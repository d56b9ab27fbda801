import fc from "fast-check";
import { expect, test } from "vitest";
import { digitsOf, isPhone, withoutCountry } from "./phone-numbers.ts";
import { firstIn, fold, matchesIn, words } from "./search.ts";

/** What readers write that folds to another length, or only together with what stands beside it. */
const PIECES = [
  ...["ß", "ẞ", "ª", "º", "ﬁ", "ﬃ", "ĳ", "ŉ", "İ", "ı", "ς", "Σ", "ſ", "Ǆ", "½", "①", "㍿", "ﷺ", "…"],
  ...[
    "Ａｂ",
    "１２",
    "é",
    "e\u0301",
    "n\u0303\u0323",
    "שָׁ",
    "ל\u05bcו",
    "مَ",
    "ر\u0640ح",
    "한",
    "\u1112\u1161\u11ab",
  ],
  ...[
    "क्षि",
    "กำ",
    "東京",
    "ガ",
    "カ\u3099",
    "👍🏽",
    "👨‍👩‍👧",
    "🇧🇷",
    "❤️",
    "1️⃣",
    "\u00ad",
    "\u200d",
    "\u202e",
    "\u0345",
    "ΐ",
  ],
  ...["a", "B", "z", "ss", "fi", "0", "7", " ", " ", " ", "\n", ".", "-", "(", ")", "+", "/"],
  ...["+55 (11) 91234-5678", "011 3456.7890", "2025-02-21", "12345678"],
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary" }),
);

test("each word that the store keeps of a text is marked in it, and what is marked folds to that word", () => {
  fc.assert(
    fc.property(text, (shown) => {
      // The word that is asked for beside each of them must not be one of them.
      fc.pre(!words(shown).some((word) => word.startsWith("x")));
      for (const word of words(shown)) {
        // A number is looked for without the code of its country: the same one written without it is marked too.
        const sought = isPhone(digitsOf(word)) && digitsOf(word) === word ? withoutCountry(word) : word;
        // A word more, or the last one may be a beginning.
        const ranges = matchesIn(shown, `${word} 𝒙`).map(({ from, to }) => shown.slice(from, to));
        expect(ranges, word).not.toEqual([]);
        for (const range of ranges) {
          expect(
            words(range).some((own) => own === word || own === sought),
            `${word} in ${JSON.stringify(range)}`,
          ).toBe(true);
        }
      }
    }),
    { numRuns: 5_000, examples: [["2025-02-21+55 (11) 91234-5678 +55 (11) 91234-5678"]] },
  );
});

test("whatever a text is asked for with, what is marked is of its words", () => {
  fc.assert(
    fc.property(text, text, (shown, query) => {
      for (const { from, to } of matchesIn(shown, query)) expect(fold(shown.slice(from, to))).not.toBe("");
    }),
  );
});

test.each([
  ["Bambu Nobre 9f6a", "NÓBRE 9F", "Bambu [Nobre 9f]6a"],
  ["açaí açaí", "acai", "[açaí] açaí"],
  ["cafe\u0301 e", "fé", "ca[fe\u0301] e"],
  ["a Straße", "ss", "a Stra[ß]e"],
  ["ｆｉｏ", "io", "ｆ[ｉｏ]"],
  ["ok 👍🏽", "👍", "ok [👍🏽]"],
  ["Fechar", "%", "Fechar"],
  ["Fechar", "\u0301", "Fechar"],
  ["Fechar", "", "Fechar"],
])("in %j, %j stands at %j", (shown, query, marked) => {
  const found = firstIn(shown, query);
  expect(
    found === null
      ? shown
      : `${shown.slice(0, found.from)}[${shown.slice(found.from, found.to)}]${shown.slice(found.to)}`,
  ).toBe(marked);
});

test("any part of a text is found in it", () => {
  fc.assert(
    fc.property(text, text, text, (before, part, after) => {
      const found = firstIn(`${before} ${part} ${after}`, part);
      expect(found === null).toBe(fold(part) === "");
    }),
  );
});
