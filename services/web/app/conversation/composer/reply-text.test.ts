import { expect, test } from "vitest";
import { tidied } from "./reply-text.ts";

test.each([
  ["\n\n  Oi\n\n", "  Oi"],
  [" \n\t\nBom dia!\n\n- um\n  - dois \n", "Bom dia!\n\n- um\n  - dois"],
  ["  recuado, e um espaço ", "  recuado, e um espaço "],
])("blank lines around %j are not sent; indents and lines in between are", (written, sent) => {
  expect(tidied(written)).toBe(sent);
});
