export { chooseStep, type Candidate, type StepLimit } from "./choose-step.ts";
export { decide, refuseTaken } from "./decide.ts";
export { lookupsFor } from "./lookups.ts";
export { byReceipt, contentOf, settle } from "./settle.ts";
export type * from "./types.ts";
