import type { Fault, ProblemCode, Receipt } from "@fio/contracts";

/**
 * The result of posting an event. `accepted`: on disk, its outcome is not known yet. `refused`: accepted, then
 * refused by the law. `invalid`: never accepted, and not worth sending again. `unsent`: not known to be accepted.
 */
export type Posted =
  | { kind: "applied"; receipt: Receipt }
  | { kind: "accepted"; receipt: Receipt; waiting: boolean }
  | { kind: "refused"; code: ProblemCode; receipt: Receipt }
  | { kind: "invalid"; code: ProblemCode; fault: Fault | undefined }
  | { kind: "unsent" };
