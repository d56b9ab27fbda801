export { chooseStep, type Candidate, type StepLimit } from "./choose-step.ts";
export { joinPersons, knownOf, lowestOfEqual, type Saying } from "./contact.ts";
export { decide, factsAsEvents, refuseTaken } from "./decide.ts";
export { erasedUpdates, separateErased, type Tombstones } from "./erased.ts";
export { lookupsFor } from "./lookups.ts";
export { separateShared } from "./shared-receipts.ts";
export type { HeldEvent } from "./shared-receipts.ts";
export { byReceipt, contentOf, settle } from "./settle.ts";
export type * from "./types.ts";
