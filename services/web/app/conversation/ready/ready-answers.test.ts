import { expect, test } from "vitest";
import { answersIn, fileOf, fitting, moved, newAnswer, withImported } from "./ready-answers.ts";

const some = [
  newAnswer({ title: "Prazo", text: "O prazo é de {dias} dias úteis." }),
  newAnswer({ title: "Saudação", text: "{saudacao}, {nome}! Como posso ajudar?" }),
  newAnswer({ title: "", text: "Obrigado pelo prazo que nos deu." }),
];
const titles = (answers: readonly { title: string; text: string }[]) =>
  answers.map(({ title, text }) => title || text);

test("what is exported is read in again, and reading it in twice changes nothing", () => {
  const read = answersIn(fileOf(some))!;
  expect(titles(read)).toEqual(titles(some));
  const once = withImported([some[0]!], read);
  expect(titles(once)).toEqual(titles(some));
  expect(once[0]).toBe(some[0]);
  expect(withImported(once, read)).toEqual(once);
});

test("files of other kinds are refused, and of a file of this kind what makes no answer is left out", () => {
  for (const other of ["", "x", "null", "3", '"a"', "{}", '{"answers":3}'])
    expect(answersIn(other)).toBeNull();
  const mixed = answersIn(
    JSON.stringify([{ text: "a" }, { text: " \n" }, { title: "b" }, null, 7, { text: 1, title: 2 }]),
  )!;
  expect(mixed.map(({ title, text }) => ({ title, text }))).toEqual([{ title: "", text: "a" }]);
  expect(answersIn(JSON.stringify([{ title: 5, text: "x".repeat(70_000) }]))).toEqual([]);
});

test("answers are found by words of title and text, whatever their accents, titles that begin so first", () => {
  expect(titles(fitting(some, ""))).toEqual(titles(some));
  expect(titles(fitting(some, "PRAZO"))).toEqual(["Prazo", "Obrigado pelo prazo que nos deu."]);
  expect(titles(fitting(some, "sauda"))).toEqual(["Saudação"]);
  expect(titles(fitting(some, "prazo obrigado"))).toEqual(["Obrigado pelo prazo que nos deu."]);
  expect(fitting(some, "reembolso")).toEqual([]);
});

test("an answer is moved by one place, and not past either end", () => {
  const [first, second, third] = some;
  expect(moved(some, second!.id, -1)).toEqual([second, first, third]);
  expect(moved(some, second!.id, 1)).toEqual([first, third, second]);
  expect(moved(some, first!.id, -1)).toBe(some);
  expect(moved(some, third!.id, 1)).toBe(some);
});
