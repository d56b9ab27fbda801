/** As contracts has it, said again here so that its validator stays out of the browser; a test keeps them equal. */
export const MAX_CONTENT_UNITS = 65_536;
/** From so many characters before the limit on the composer counts. */
export const COUNT_FROM = 1_000;
/** Of a search, likewise. */
export const QUERY_MAX_UNITS = 200;
