import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ROOT } from "../../../scripts/lib/services.ts";
import { BUGS } from "./bugs.ts";

test.each(Object.entries(BUGS))("the product still has the one place where %s is planted", async (_, bug) => {
  const source = await readFile(`${ROOT}${bug.file}`, "utf8");
  expect(source.split(bug.instead)).toHaveLength(2);
});
