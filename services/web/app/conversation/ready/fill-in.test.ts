import { expect, test } from "vitest";
import { filled } from "./fill-in.ts";
import { gapFrom } from "./gaps.ts";

const at = (hour: number) => ({ name: "Bambu Nobre", hour });

test.each([
  [5, "Bom dia"],
  [11, "Bom dia"],
  [12, "Boa tarde"],
  [17, "Boa tarde"],
  [18, "Boa noite"],
  [0, "Boa noite"],
  [4, "Boa noite"],
])("at %i h one says %s", (hour, words) => {
  expect(filled("{saudacao}, {nome}!", at(hour))).toBe(`${words}, Bambu Nobre!`);
});

test("fill-ins are read whatever their accents, case and language, and a greeting is small within a sentence", () => {
  expect(filled("Olá, { Nome }, {Saudação}. {SAUDACAO}!\n{greeting}", at(13))).toBe(
    "Olá, Bambu Nobre, boa tarde. Boa tarde!\nGood afternoon",
  );
});

test("what is not known is a gap, one after the other, and behind the last one there is none", () => {
  const text = filled("O pedido {número do pedido} sai em {dias} dias.", at(9));
  expect(text).toBe("O pedido ‹número do pedido› sai em ‹dias› dias.");
  const first = gapFrom(text, 0)!;
  expect(text.slice(first.from, first.to)).toBe("‹número do pedido›");
  const second = gapFrom(text, first.to)!;
  expect(second.name).toBe("dias");
  expect(gapFrom(text, second.to)).toBeNull();
});

test("braces around anything else stay as they are, and what a customer is called is not read again", () => {
  expect(filled("{} {1} { } {a\nb} {nome}", { name: "{dias}", hour: 9 })).toBe("{} {1} { } {a\nb} {dias}");
});
