import { expect, test } from "vitest";
import { excerptOf } from "./excerpt.ts";

const marked = (text: string, query: string) =>
  excerptOf(text, query)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

test("words are found whatever their case and accents", () => {
  expect(marked("Você recebeu o Café?", "cafe VOCE")).toBe("[Você] recebeu o [Café]?");
});

test("a long text is cut around the first word", () => {
  const text = `${"a ".repeat(200)}entrega ${"b ".repeat(200)}`;
  const excerpt = marked(text, "entrega");
  expect(excerpt.startsWith("…")).toBe(true);
  expect(excerpt.endsWith("…")).toBe(true);
  expect(excerpt).toContain("[entrega]");
  expect(excerpt.length).toBeLessThan(260);
});

test("a text without the words is shown from its beginning", () => {
  expect(marked("Bom dia", "entrega")).toBe("Bom dia");
});

test("a phone number is marked as a whole, however it was asked for", () => {
  expect(marked("Ligue +55 (11) 91234-5678", "912345678")).toBe("Ligue [+55 (11) 91234-5678]");
});

test("a text is cut between characters, never within one", () => {
  for (const padding of ["", "a"]) {
    const excerpt = marked(`${padding}${"👍".repeat(200)} fim ${"👍".repeat(200)}`, "fim");
    expect(excerpt).toContain("[fim]");
    expect(excerpt.isWellFormed()).toBe(true);
  }
});
