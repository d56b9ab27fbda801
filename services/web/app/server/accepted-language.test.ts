import { expect, test } from "vitest";
import { acceptedLanguage } from "./accepted-language.ts";

test.each([
  [null, "pt-BR"],
  ["", "pt-BR"],
  ["*", "pt-BR"],
  ["en", "en"],
  ["EN-us,en;q=0.9", "en"],
  ["pt-PT, en;q=0.9", "pt-BR"],
  ["en;q=0.4, pt;q=0.6", "pt-BR"],
  ["fr, en;q=0.8, pt;q=0.5", "en"],
  ["en;q=0, pt;q=0.1", "pt-BR"],
  ["en;q=x, de", "pt-BR"],
  ["enx", "pt-BR"],
])("a browser that asks for %j reads %s", (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});
