import type { MessageDelivery } from "@fio/contracts";
import type { Translate } from "../../i18n/translator.ts";
import type { UNDELIVERED_WORDS } from "./words.ts";

type Say = Translate<(typeof UNDELIVERED_WORDS)["pt-BR"]>;

/** Meta's numbers for which there are plain words. */
const WORDS = {
  "131026": "number",
  "131047": "window",
  "131049": "limited",
  "131048": "tooMany",
  "131056": "tooMany",
  "130429": "tooMany",
  "80007": "tooMany",
  "190": "access",
} as const;
type Known = keyof typeof WORDS;
const KNOWN = Object.keys(WORDS) as Known[];

/** What was told of a message that did not arrive, in plain words; empty where nothing was. */
export function whyOf(detail: string | undefined, say: Say): string {
  const known = KNOWN.find((number) => new RegExp(`(^|\\D)${number}(\\D|$)`).test(detail ?? ""));
  if (known !== undefined) return say(WORDS[known]);
  return detail === undefined ? "" : say("other", { detail });
}

/** Why a message was given up before it left. */
export function whyNotSent({ reason = "", detail }: MessageDelivery, say: Say): string {
  if (reason === "http_401" || reason === "http_403") return say("key");
  if (!reason.startsWith("http_4") || reason === "http_429") return say("silent");
  return whyOf(detail, say) || say("unwanted");
}
