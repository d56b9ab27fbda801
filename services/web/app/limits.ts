import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";

/** Whether a text can be a message: not blank, not over the limit. */
export const isSendable = (text: string): boolean => text.trim() !== "" && text.length <= MAX_CONTENT_UNITS;
/** From so many characters before the limit on the composer counts. */
export const COUNT_FROM = 1_000;
