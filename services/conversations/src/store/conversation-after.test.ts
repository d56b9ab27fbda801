import { expect, test } from "vitest";
import { PREVIEW_UNITS } from "@fio/contracts";
import { previewOf } from "./conversation-after.ts";

test.each([
  ["a short text", "Olá", "Olá"],
  ["a text of just that length", "a".repeat(PREVIEW_UNITS), "a".repeat(PREVIEW_UNITS)],
  ["a longer one", "a".repeat(PREVIEW_UNITS + 1), "a".repeat(PREVIEW_UNITS)],
  ["a pair at the cut", `${"a".repeat(PREVIEW_UNITS - 1)}👍`, "a".repeat(PREVIEW_UNITS - 1)],
  ["a pair before the cut", `${"a".repeat(PREVIEW_UNITS - 2)}👍b`, `${"a".repeat(PREVIEW_UNITS - 2)}👍`],
])("a preview of %s", (_name, content, preview) => {
  expect(previewOf(content)).toBe(preview);
});
