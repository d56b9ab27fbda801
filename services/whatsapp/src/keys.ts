import { REDIS_PREFIX } from "@fio/contracts";

/** Every key of this service begins with it, and its user of Redis reaches no others. */
const OWN = `${REDIS_PREFIX}:whatsapp`;

/** Written to learn whether Redis accepts writes. */
export const READY_KEY = `${OWN}:ready`;

/** The queue of people who have something waiting; with {@link REDIS_PREFIX} before it. */
export const INBOX_QUEUE = "whatsapp-inbox";

/** What waits of one person, in the order in which it came. */
export const inboxKey = (person: string): string => `${OWN}-items:${person}`;

/** What could not be read, as it came. */
export const UNREAD_KEY = `${OWN}-unread`;

/** Begins every key of the way out: its queues, one a number, its lines and what became of each message. */
export const OUT = `${OWN}-out`;
