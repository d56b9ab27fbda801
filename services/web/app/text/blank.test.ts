import { expect, test } from "vitest";
import { cpuMs } from "../../../../test/support/cpu-ms.ts";
import { isBlank, lineOf } from "./blank.ts";

test.each([
  ["a space", " "],
  ["line breaks and tabs", "\r\n\t\n"],
  ["a no-break space", "\u00a0"],
  ["an ideographic space", "\u3000"],
  ["a zero-width space", "\u200b"],
  ["zero-width joiners", "\u200d\u200c\u2060"],
  ["a byte order mark", "\ufeff"],
  ["a soft hyphen", "\u00ad"],
  ["marks of direction", "\u200e\u200f\u202a\u2066\u2069"],
  ["a braille pattern without dots", "\u2800\u2800"],
  ["Hangul fillers", "\u3164\u115f\u1160\uffa0"],
  ["a variation selector", "\ufe0f"],
  ["tags", "\u{e0061}\u{e007f}"],
  ["a control character", "\u0007\u0085"],
  ["all of them", " \u200b\u00a0\u2800\n"],
])("%s shows nothing", (_name, text) => {
  expect(isBlank(text)).toBe(true);
});

test.each([
  ["a full stop", "."],
  ["a letter among spaces", "\u200b a\u2800"],
  ["an emoji of several characters", "👩‍👩‍👧"],
  ["a heart with a variation selector", "❤️"],
  ["a combining accent alone", "\u0301"],
  ["braille with a dot", "\u2801"],
  ["Arabic", "مرحبا"],
  ["an Arabic number sign, which is a format character with ink", "\u0600"],
  ["a flag", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
  ["an unknown character", "\u{10ffff}"],
  ["the replacement character", "\ufffd"],
])("%s is to be seen", (_name, text) => {
  expect(isBlank(text)).toBe(false);
});

test("65,536 spaces and a letter are looked through at once", () => {
  expect(cpuMs(() => expect(isBlank(`${" ".repeat(65_535)}a`)).toBe(false))).toBeLessThan(1_000);
});

test.each([
  ["Olá,\n tudo  bem? ", "Olá, tudo bem?"],
  [" \u200b\n", null],
  [" ".repeat(160), "…"],
  [" ".repeat(159), "…"],
  [`${" ".repeat(100)}Olá`, "Olá"],
])("in one line of a list %j is %j", (beginning, line) => {
  expect(lineOf(beginning, { cutAt: 160 })).toBe(line);
});
