import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";
import { isBlank } from "../text/blank.ts";

/** Whether a text can be a message: not blank, not over the limit. */
export const isSendable = (text: string): boolean => text.length <= MAX_CONTENT_UNITS && !isBlank(text);
/** From so many characters before the limit on the composer counts. */
export const COUNT_FROM = 1_000;
