import { expect, test } from "vitest";
import { rejectionReason } from "@fio/contracts";
import { en } from "./en.ts";
import "./all.ts";
import { wordsIn } from "./i18n.ts";
import { ptBR, type Key } from "./pt-BR.ts";

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test("both languages have the same words with the same gaps", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ptBR).sort());
  for (const key of Object.keys(ptBR) as Key[])
    expect([key, placeholders(en[key])]).toEqual([key, placeholders(ptBR[key])]);
});

/** Portuguese says nothing as it says one: a form for one with a "1" in it would say that there is one. */
test("what has a form for one has one for many, and each says how many", () => {
  for (const words of [ptBR, en]) {
    const forms = (end: string) =>
      Object.entries(words)
        .filter(([key]) => key.endsWith(end))
        .map(([key, text]) => [key.slice(0, -end.length), /\{\{(count|text)\}\}/.test(text)]);
    expect(forms("_one")).toEqual(forms("_other"));
  }
});

test("every reason has plain words in both languages", () => {
  for (const reason of rejectionReason.options) {
    for (const words of [ptBR, en]) {
      expect(words[`reason.${reason}`]).not.toBe("");
      expect(words[`reason.${reason}.help`]).not.toBe("");
    }
  }
});

test("one and many differ", () => {
  const t = wordsIn("pt-BR");
  expect(t("convo.messages", { count: 1 })).toBe("1 mensagem");
  expect(t("convo.messages", { count: 0 })).toBe("0 mensagem");
  expect(t("convo.messages", { count: 15 })).toBe("15 mensagens");
});

test("says delivered only where the phone has told so", () => {
  const all = [...Object.entries(ptBR), ...Object.entries(en)];
  const others = all.filter(([key]) => key !== "phone.DELIVERED").map(([, text]) => text.toLowerCase());
  expect(others.join("\n")).not.toMatch(/\bentregue|\bdelivered\b|erro inesperado|unexpected error/);
});

/** Folded under one line, for whoever looks into a fault together with an engineer. */
const TECHNICAL = /^technical\./;
const OURS =
  /recus|aplicad|recibo|reprocess|evento|webhook|\bfila\b|refus|reject|appl(y|ied)|receipt|replay|\bevents?\b|queue/i;

test("what agents read is about the customer's message, not about how Fio works", () => {
  for (const words of [ptBR, en]) {
    const found = Object.entries(words).filter(([key, text]) => !TECHNICAL.test(key) && OURS.test(text));
    expect(found).toEqual([]);
  }
});
