import { expect, test } from "vitest";
import { translator } from "../../i18n/translator.ts";
import { READY_WORDS } from "./ready-words.ts";

test("what finds nothing is not said to find one, though Portuguese has one form for both", () => {
  const pt = translator<(typeof READY_WORDS)["pt-BR"]>(READY_WORDS["pt-BR"], "pt-BR");
  expect([0, 1, 2].map((count) => pt("found", { count }))).toEqual([
    "0 resposta pronta",
    "1 resposta pronta",
    "2 respostas prontas",
  ]);
});
