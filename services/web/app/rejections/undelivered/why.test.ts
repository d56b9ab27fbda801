import { expect, test } from "vitest";
import { translator } from "../../i18n/translator.ts";
import { whyNotSent } from "./why.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

const pt = UNDELIVERED_WORDS["pt-BR"];
const say = translator<typeof pt>(pt, "pt-BR");

test.each([
  ["http_401", undefined, pt.key],
  ["http_403", "UNAUTHORIZED: no", pt.key],
  ["http_410", undefined, pt.unwanted],
  ["http_400", "131047: more than 24 hours", pt.window],
  ["http_400", "NO_CONTACT: nobody to send to", "Motivo informado: NO_CONTACT: nobody to send to"],
  ["http_429", undefined, pt.silent],
  ["http_503", "busy", pt.silent],
  ["time_out", undefined, pt.silent],
  ["no_connection", "ECONNREFUSED", pt.silent],
])("given up by %s (%s)", (reason, detail, words) => {
  const delivery = {
    state: "failed",
    reason,
    version: 2,
    ...(detail === undefined ? {} : { detail }),
  } as const;
  expect(whyNotSent(delivery, say)).toBe(words);
});
