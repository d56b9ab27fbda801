export { createApi } from "./app.ts";
export { openLive, type Live } from "./live/live.ts";
export { openPresence } from "./live/presence.ts";
export { createApiReadiness } from "./readiness.ts";
export { createReadMetrics, primaryReads } from "./reads.ts";
export { replicaReads } from "./replica-reads.ts";
