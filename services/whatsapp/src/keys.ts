import { REDIS_PREFIX } from "@fio/contracts";

/** Every key of this service begins with it, and its user of Redis reaches no others. */
const OWN = `${REDIS_PREFIX}:whatsapp`;

/** Written to learn whether Redis accepts writes. */
export const READY_KEY = `${OWN}:ready`;
