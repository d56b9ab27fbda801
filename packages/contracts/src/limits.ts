/* Fio's limits, without zod, so that browsers can use this file. */

/** The longest message, in UTF-16 units. */
export const MAX_CONTENT_UNITS = 65_536;
export const MAX_EVENTS_PER_REQUEST = 1_000;
/** How far ahead of our clock a timestamp may be; either clock may be wrong. What is further ahead is refused. */
export const MAX_AHEAD_MS = 24 * 3_600_000;
/** From here on it is logged and counted: one of the two clocks must be corrected. */
export const TOLD_AHEAD_MS = 5 * 60_000;
/** The longest id and the longest name of an author, each in UTF-16 units. */
export const MAX_AUTHOR_UNITS = 200;
/** The longest name, id and channel of a contact, and the longest phone number, each in UTF-16 units. */
export const MAX_CONTACT_UNITS = 200;
export const MAX_PHONE_UNITS = 50;
/** The longest detail of a status, in UTF-16 units. */
export const MAX_DETAIL_UNITS = 1_000;
/** The longest address of a file, the longest name, and the longest of all else that is said of one, in UTF-16 units. */
export const MAX_MEDIA_URL_UNITS = 4_096;
export const MAX_MEDIA_NAME_UNITS = 255;
export const MAX_MEDIA_UNITS = 500;
/** Rows of one page. */
export const PAGE_MAX = 1_000;
export const SEARCH_PAGE_MAX = 100;
/** The longest search query, in UTF-16 units. */
export const QUERY_MAX_UNITS = 1_000;
/** Of the refused messages that were carried into a conversation, as many are told with it. */
export const CARRIED_MAX = 100;
/** The conversations whose messages one client may follow. */
export const MAX_FOLLOWED = 20;
/** The longest preview, in UTF-16 units; never cut inside a surrogate pair. */
export const PREVIEW_UNITS = 160;

/** How long somebody is taken to be in a conversation after their tab last said so. */
export const PRESENCE_LEASE_SECONDS = 25;
/** How often a tab says so. */
export const PRESENCE_RENEWED_SECONDS = 10;
