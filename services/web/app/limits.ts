/** As contracts has it, said again here so that its validator stays out of the browser; a test keeps them equal. */
export const MAX_CONTENT_UNITS = 65_536;
/** Whether a text can be a message: not blank, not over the limit. */
export const isSendable = (text: string): boolean => text.trim() !== "" && text.length <= MAX_CONTENT_UNITS;
/** From so many characters before the limit on the composer counts. */
export const COUNT_FROM = 1_000;
/** Of a search, likewise. */
export const QUERY_MAX_UNITS = 200;
