import type { Receipt } from "@fio/contracts";

export const VIOLATION_KINDS = ["lost", "doubled", "repeated", "wrong"] as const;

/** An event that is not where it has to be; `repeated`: its receipt was another's, too. */
export type Violation = { kind: (typeof VIOLATION_KINDS)[number]; line: string; receipt?: Receipt };

export const wrong = (line: string, receipt?: Receipt): Violation => ({
  kind: "wrong",
  line,
  ...(receipt === undefined ? {} : { receipt }),
});
