import { expect, test } from "vitest";
import { translator } from "./translator.ts";

const words = {
  plain: "Olá",
  named: "Para {{name}}, de {{from}}",
  size: "{{count}} letras",
  hits_one: "{{count}} resultado",
  hits_other: "{{count}} resultados",
  some_one: "um só",
  some_other: "vários",
} as const;
const t = translator<typeof words>(words, "pt-BR");

test("a text without gaps is said as it is", () => expect(t("plain")).toBe("Olá"));

test("gaps are filled, and what fills them is not read again", () => {
  expect(t("named", { name: "$& {{from}}", from: "<b>" })).toBe("Para $& {{from}}, de <b>");
});

test("a gap that nobody fills stays to be seen", () => {
  // @ts-expect-error What fills it is missing.
  expect(t("named", { name: "Ana" })).toBe("Para Ana, de {{from}}");
});

test("what is missing does not compile", () => {
  const compiled = (): void => {
    // @ts-expect-error There is no such text.
    t("unknown");
    // @ts-expect-error Gaps are left open.
    t("named");
    // @ts-expect-error Another gap is filled.
    t("size", { size: 1 });
    // @ts-expect-error Nothing is to be filled.
    t("plain", { name: "Ana" });
    // @ts-expect-error Without a number there is no form.
    t("some");
    // @ts-expect-error A form is chosen by a number.
    t("hits", { count: "1" });
    // @ts-expect-error A form is no text of its own.
    t("hits_one", { count: 1 });
    // @ts-expect-error Texts are missing in the other language.
    translator<typeof words>({ plain: "Hello" }, "en");
  };
  expect(compiled).toBeTypeOf("function");
});

test("one and many differ as the language counts", () => {
  expect([0, 1, 2].map((count) => t("hits", { count }))).toEqual([
    "0 resultado",
    "1 resultado",
    "2 resultados",
  ]);
  expect(translator<typeof words>(words, "en")("hits", { count: 0 })).toBe("0 resultados");
});

test("millions, which Portuguese counts apart, are many", () => {
  expect(t("hits", { count: 1_000_000 })).toBe("1.000.000 resultados");
});

test("numbers are written as the language separates them", () => {
  expect(t("size", { count: 65_536 })).toBe("65.536 letras");
  expect(translator<typeof words>(words, "en")("named", { name: 1_234, from: "x" })).toBe("Para 1,234, de x");
});
