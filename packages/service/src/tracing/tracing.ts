import type { TraceContext } from "./trace-context.ts";

export type Facts = Record<string, string | number | boolean>;

/** What one piece of work was, in a trace. Times in milliseconds since 1970; never a customer's word. */
export type Work = {
  name: string;
  kind: "server" | "consumer";
  /** What caused it. */
  parent: TraceContext | null;
  /** When it began, if that was not now. */
  at?: number;
  facts?: Facts;
};

export type Span = {
  /** What is caused by it carries this on; `null` where nobody traces it. */
  context: TraceContext | null;
  /** `failed`: why, in one line. */
  end: (ending?: { at?: number; facts?: Facts; failed?: string }) => void;
};

export type Tracing = {
  begin: (work: Work) => Span;
  /** Sends what is left. */
  stop: () => Promise<void>;
};

const ends = (): void => undefined;
const NOBODYS: Span = { context: null, end: ends };

/** Where nothing is exported: what a sender traces is carried on all the same, to the log lines about it. */
export const carriedOn: Tracing = {
  begin: ({ parent }) => (parent === null ? NOBODYS : { context: parent, end: ends }),
  stop: () => Promise.resolve(),
};
