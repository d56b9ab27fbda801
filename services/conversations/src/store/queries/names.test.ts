import { describe, expect, test } from "vitest";
import { HANDLES, handleNumberOf, handleOf, wordsOfHandle } from "@fio/contracts";
import { idIn, idsBeginning, namedBy } from "./names.ts";

const ID = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const namesOf = (query: string): string[][] =>
  namedBy(query).map(({ handles, tails }) => [
    ...(handles.length === HANDLES
      ? ["any"]
      : handles.map((number) => Object.values(wordsOfHandle(number)).join(" "))),
    ...(tails === null ? [] : tails.length === 1 ? tails : [`${tails[0]}–${tails.at(-1)}`]),
  ]);

describe("a name", () => {
  test.each([
    "Bambu Nobre",
    "bambu nobre",
    "BÂMBU nobré",
    " nobre, bambu! ",
    "bam nob",
    "ｂａｍｂｕ ｎｏｂｒｅ",
  ])("is meant by %j", (query) => expect(namesOf(query)).toEqual([["Bambu Nobre"]]));

  test("of every conversation is found as it is shown", () => {
    for (let number = 0; number < HANDLES; number += 1) {
      const { noun, qualifier } = wordsOfHandle(number);
      expect(namedBy(`${noun} ${qualifier}`)).toEqual([{ handles: [number], tails: null }]);
      expect(namedBy(`${noun} ${qualifier} 12ab`)).toContainEqual({ handles: [number], tails: ["12ab"] });
    }
    const { name, tail } = handleOf(ID);
    expect(namedBy(`${name} ${tail}`)).toEqual([{ handles: [handleNumberOf(ID)], tails: [tail] }]);
  });

  test("is meant by one of its words, or by the beginning of one, from two letters on", () => {
    expect(namesOf("bambu")[0]).toHaveLength(32);
    expect(namesOf("bambu")[0]).toContain("Bambu Polar");
    expect(namesOf("polar")[0]).toHaveLength(64);
    expect(namesOf("ipe")[0]?.[0]).toMatch(/^Ipê /);
    expect(namesOf("ca")[0]).toHaveLength(219);
    expect(namesOf("c")).toEqual([]);
    expect(namesOf("bambu n")).toEqual([]);
  });

  test("with a tail is that conversation's, in any order, and a tail may be anybody's", () => {
    expect(namesOf("Bambu Nobre 9F6A")).toEqual([["Bambu Nobre", "9f6a"]]);
    expect(namesOf("9f6a bambu nobre")).toEqual([["Bambu Nobre", "9f6a"]]);
    expect(namesOf("9f6a")).toEqual([["any", "9f6a"]]);
    expect(namesOf("bambu 9f6a")[0]).toHaveLength(33);
  });

  test("is that conversation's from the tail's first digit on, as it is being typed", () => {
    expect(namesOf("Bambu Nobre 9")).toEqual([["Bambu Nobre", "9000–9fff"]]);
    expect(namesOf("bambu nobre 9f")).toEqual([["Bambu Nobre", "9f00–9fff"]]);
    expect(namesOf("9f6 bambu nobre")).toEqual([["Bambu Nobre", "9f60–9f6f"]]);
    expect(namesOf("bambu 9f6")[0]).toHaveLength(33);
    // Of half a name and a digit there are too many, and too many without a name.
    for (const query of ["bambu 9", "bambu 9f", "9", "9f", "9f6"]) expect(namesOf(query)).toEqual([]);
  });

  test("may look like a tail", () => {
    expect(namesOf("caca").map((names) => names.at(-1))).toEqual(["Cacau Nobre", "caca"]);
    expect(namesOf("face 12ab")).toEqual([]);
  });

  test.each(["", "%", "_", "bam_u", "b*", "bambu nobre 9f6a mais", "pedido", "bambu pedido"])(
    "is not meant by %j",
    (query) => expect(namesOf(query)).toEqual([]),
  );
});

describe("the beginning of an id", () => {
  test.each(["6a41", "6A41B347", "6a41b3478d80", "6a41b347-8d80", "6a41b347-", "(6a41b347-8d80-4c)", ID])(
    "is %j, with its hyphens or with none",
    (query) => {
      const range = idsBeginning(query)!;
      expect(range.first <= ID && ID <= range.last).toBe(true);
      expect([range.first, range.last].map((id) => id.length)).toEqual([36, 36]);
      const digits = query.toLowerCase().replace(/[^0-9a-f]/g, "");
      expect(range.first.replaceAll("-", "").startsWith(digits)).toBe(true);
      expect(range.last.replaceAll("-", "").startsWith(digits)).toBe(true);
    },
  );

  test.each([
    "",
    "6a4",
    "6a4g",
    "6a41-b347",
    "2025-02-21",
    `${ID}0`,
    "6a41 b347",
    "6a41%b347",
    "+55 11 98765",
  ])("is not %j", (query) => expect(idsBeginning(query)).toBeNull());
});

test("a whole id is found in a text, with hyphens or without", () => {
  const digits = ID.replaceAll("-", "");
  for (const text of [
    ID,
    digits,
    ID.toUpperCase(),
    `veja ${digits}.`,
    `https://fio/conversations/${ID}?x=1`,
  ]) {
    expect(idIn(text)).toBe(ID);
  }
  for (const text of [digits.slice(1), `${digits}0`, `0${ID}`, ID.replace("-", ""), ""]) {
    expect(idIn(text)).toBeNull();
  }
});
