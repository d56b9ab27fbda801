import { expect, test } from "vitest";
import { isSendable } from "./limits.ts";

test("nothing is sent that nobody would see", () => {
  for (const text of ["", "  \n", "\u200b", "\u00a0\u2800"]) expect(isSendable(text)).toBe(false);
  expect(isSendable(" a ")).toBe(true);
});
