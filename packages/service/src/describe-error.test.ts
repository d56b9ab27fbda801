import { expect, test } from "vitest";
import { describeError, errorFacts } from "./describe-error.ts";

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

test("an error is described in one line, without the statement", () => {
  const fault = coded("40P01", "insert into messages (id)\n values (?) - deadlock\n detected");
  expect(describeError(fault)).toBe("40P01: deadlock detected");
});

test("where nobody answers is in it", () => {
  const fault = coded("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.7:5432 - Local (0.0.0.0:0)");
  expect(describeError(fault)).toBe("ETIMEDOUT: connect ETIMEDOUT 10.0.0.7:5432 - Local (0.0.0.0:0)");
});

test("nothing in it needs more than ASCII, which a database of any encoding takes", () => {
  expect(describeError(new Error("conexão\u0000 recusada 👍 → \ud83d"))).toBe(
    "Error: conexao recusada ? ? ?",
  );
  expect(describeError(new Error("👍".repeat(500))).length).toBeLessThanOrEqual(200);
});

test("nothing that was in quotes is in it, nor where it was thrown", () => {
  const fault = new SyntaxError(`Unexpected token 'O', "Olá, "segredo"" is not valid JSON`);
  expect(JSON.stringify([describeError(fault), errorFacts(fault)])).not.toMatch(/segredo/);
  expect(errorFacts(fault).stack).toMatch(/^\s+at .*describe-error\.test\.ts/);
});

test("the name of a column or a table that is missing is in it, since it is no content", () => {
  const fault = coded(
    "42703",
    `insert into "messages" - column "place" of relation "messages" does not exist`,
  );
  expect(describeError(fault)).toBe(`42703: column "place" of relation "messages" does not exist`);
  expect(describeError(coded("42601", `syntax error at or near "segredo"`))).not.toMatch(/segredo/);
});

test("causes are in it, but not without end", () => {
  const error = new Error("outer");
  error.cause = error;
  expect(errorFacts(error).cause?.cause?.cause).toMatchObject({ message: "outer" });
  expect(errorFacts(new AggregateError([new Error("one")], "several")).errors).toMatchObject([
    { message: "one" },
  ]);
});

test("what is thrown and no error is not told", () => {
  expect(describeError("segredo")).toBe("string: not an error");
});
