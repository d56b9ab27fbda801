/** How many of each kind. */
export type Kinds = { created: number; messages: number; closed: number };

export const NO_KINDS: Kinds = { created: 0, messages: 0, closed: 0 };

export const plus = (one: Kinds, other: Kinds): Kinds => ({
  created: one.created + other.created,
  messages: one.messages + other.messages,
  closed: one.closed + other.closed,
});

export const total = ({ created, messages, closed }: Kinds): number => created + messages + closed;

/** What a generator is told to send. */
export type Load = {
  url: string;
  connections: number;
  /** Events in a request: one by itself, more as an array. */
  events: number;
  /** Messages to `conversations` at random; or, on each connection, one conversation after another from creation to close. */
  traffic: "messages" | "mixed";
  conversations: string[];
  seconds: number;
  /** It ends earlier once so many events were sent. */
  most: number;
  /** Events a second, by a timetable that does not wait for answers; without it each connection sends when it was answered. */
  rate?: number;
};

export type Latency = { p50: number; p99: number; p999: number };

/** What came of it. */
export type LoadResult = {
  /** Answered 2xx. */
  accepted: Kinds;
  /** Events of requests that were answered otherwise, by status. */
  refused: Record<string, number>;
  /** Events of requests that got no answer: they may have been accepted. */
  unanswered: number;
  seconds: number;
  /** Milliseconds of a request, from when it was due. */
  latency: Latency;
  /** Of the generator's own process. */
  cpuSeconds: number;
};
