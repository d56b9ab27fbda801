import { beforeAll, expect, test } from "vitest";
import { en } from "../i18n/en.ts";
import { addWords, wordsIn } from "../i18n/i18n.ts";
import { ptBR } from "../i18n/pt-BR.ts";
import { KEYMAP } from "../keys/keymap.ts";
import { paletteItems } from "./palette-items.ts";

beforeAll(() => {
  addWords("pt-BR", ptBR);
  addWords("en", en);
});

const found = (language: "pt-BR" | "en", query: string): string[] =>
  paletteItems(query, { t: wordsIn(language), offers: () => true }).map(({ id }) => id);

test.each([
  ["pt-BR", "atalhos", ["sheet"]],
  ["pt-BR", "teclado", ["sheet"]],
  ["en", "shortcuts", ["sheet"]],
  ["en", "keyb", ["sheet"]],
  ["pt-BR", "respostas pr", ["manageReady"]],
  ["pt-BR", "tema", ["theme"]],
] as const)("in %s, %s finds the command by the name of what it opens", (language, query, ids) => {
  expect(found(language, query)).toEqual(ids);
});

test("what cannot be done now is not offered, nor what has only a key", () => {
  const t = wordsIn("pt-BR");
  expect(paletteItems("", { t, offers: (id) => id === "close" || id === "next" })).toMatchObject([
    { id: "close", label: t(KEYMAP.close.label), ofPage: true },
  ]);
});
