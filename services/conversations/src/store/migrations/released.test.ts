import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import ts from "typescript";
import { RELEASED } from "./released.ts";

/** The code alone: words in a comment may be set right. */
function hashOf(name: string): string {
  const source = readFileSync(new URL(`${name}.ts`, import.meta.url), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return createHash("sha256").update(outputText.replace(/\s+/g, " ")).digest("hex").slice(0, 16);
}

test("no released migration was edited", () => {
  const now = Object.fromEntries(Object.keys(RELEASED).map((name) => [name, hashOf(name)]));
  expect(now).toEqual(RELEASED);
});
