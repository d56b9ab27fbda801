import { checkDisks } from "./check-disks.ts";
import { checkIssuer } from "./check-issuer.ts";
import { checkParts } from "./check-parts.ts";
import { checkRedis } from "./check-redis.ts";
import { checkStore } from "./check-store.ts";
import type { Finding } from "./finding.ts";
import type { Picture } from "./picture.ts";

/** What a picture means: pure. */
export const examine = ({ parts, version, redis, store, disks, issuer }: Picture): Finding[] => [
  ...checkParts(parts, version),
  ...checkRedis(redis),
  ...checkStore(store),
  ...checkIssuer(issuer),
  ...checkDisks(disks),
];
