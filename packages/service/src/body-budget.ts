const KIB = 1024;
const MIB = 1024 * KIB;

export type BodyLimits = {
  /** What all unfinished bodies may hold together, in bytes and in number. */
  bytes: number;
  bodies: number;
  /** The same for one client. */
  clientBytes: number;
  clientBodies: number;
  /** The part of `bytes` that only bodies of at most `smallBody` may use. */
  smallReserve: number;
  smallBody: number;
  /** How long a body may fall behind the minimum rate. */
  graceMs: number;
  minBytesPerSecond: number;
};

export const BODY_LIMITS: BodyLimits = {
  bytes: 96 * MIB,
  bodies: 10_000,
  clientBytes: 72 * MIB,
  clientBodies: 2_000,
  smallReserve: 16 * MIB,
  smallBody: 64 * KIB,
  graceMs: 5_000,
  minBytesPerSecond: 4 * KIB,
};

/** Why a body was cut: it came too slowly, or others needed the room. */
export type Cut = "too slow" | "no room";

/** One body that is being read. */
export type BodyShare = {
  /** Reserves room for a part; `false` when there is none, even after cutting others. */
  take: (bytes: number) => boolean;
  /** Releases all of it; may be called more than once. */
  end: () => void;
};

export type BodyBudget = {
  /** `null` when too many are being read. `onCut` is called at most once, when the room has been released. */
  begin: (client: string, onCut: (why: Cut) => void) => BodyShare | null;
  /** What is held right now, in bytes. */
  held: () => number;
};

type Client = { name: string; bodies: Set<Body>; held: number };
type Body = {
  client: Client;
  held: number;
  startedAt: number;
  lastAt: number;
  /** Until when the bytes received so far meet the minimum rate. */
  paidUntil: number;
  /** Bytes received in the current second, and in the one before it. */
  stretch: { since: number; bytes: number; before: number };
  onCut: (why: Cut) => void;
};

const STRETCH_MS = 1_000;
/** A body that received nothing for this long, or less than this within a second or two, has stalled. */
const STALLED_MS = 500;
const STALLED_BYTES = 64 * KIB;
/** Each part is an object beside its bytes: without this a body of single bytes would hold a hundred times its size. */
const PART_OVERHEAD = 256;

/**
 * Bounds what unfinished bodies hold, in all and for each client, and for how long: one that stays behind the minimum
 * rate is cut. When room is short, stalled bodies are cut in favour of those that make progress, and then the largest
 * in favour of smaller ones, so that idle connections cannot keep others out. `now` in milliseconds.
 */
export function createBodyBudget({
  limits = BODY_LIMITS,
  now = () => performance.now(),
}: { limits?: BodyLimits; now?: () => number } = {}): BodyBudget {
  const bodies = new Set<Body>();
  const clients = new Map<string, Client>();
  let held = 0;
  let heldByLarge = 0;
  let timer: NodeJS.Timeout | undefined;

  const isLarge = (body: Body): boolean => body.held > limits.smallBody;

  const resize = (body: Body, bytes: number): void => {
    if (isLarge(body)) heldByLarge -= body.held;
    body.held += bytes;
    body.client.held += bytes;
    held += bytes;
    if (isLarge(body)) heldByLarge += body.held;
  };
  const remove = (body: Body): void => {
    if (!bodies.delete(body)) return;
    resize(body, -body.held);
    body.client.bodies.delete(body);
    if (body.client.bodies.size === 0) clients.delete(body.client.name);
  };
  const cut = (body: Body, why: Cut): void => {
    remove(body);
    body.onCut(why);
  };

  /** Which total must shrink before `body` may hold `bytes` more; `null` when none must. */
  const lacking = (body: Body, bytes: number): Iterable<Body> | null => {
    const after = body.held + bytes;
    const otherLarge = heldByLarge - (isLarge(body) ? body.held : 0);
    if (body.client.held + bytes > limits.clientBytes) return body.client.bodies;
    if (after > limits.smallBody && otherLarge + after > limits.bytes - limits.smallReserve) {
      return [...bodies].filter(isLarge);
    }
    return held + bytes > limits.bytes ? bodies : null;
  };
  const takes = (body: Body, bytes: number): boolean => {
    for (;;) {
      const among = lacking(body, bytes);
      if (among === null) return true;
      const victim = victimAmong(among, { body, bytes, at: now() });
      if (victim === null) return false;
      cut(victim, "no room");
    }
  };
  const begins = (client: Client): boolean => {
    const full = client.bodies.size >= limits.clientBodies ? client.bodies : bodies;
    if (full === bodies && bodies.size < limits.bodies) return true;
    const victim = stalledAmong(full, now());
    if (victim !== null) cut(victim, "no room");
    return victim !== null;
  };

  const cutTheSlow = (): void => {
    // Not when the last body ends: most bodies are alone, and a timer for each would cost more than reading it.
    if (bodies.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const at = now();
    for (const body of bodies) if (at > body.paidUntil) cut(body, "too slow");
  };

  return {
    begin: (name, onCut) => {
      const client = clients.get(name) ?? { name, bodies: new Set(), held: 0 };
      if (!begins(client)) return null;
      const at = now();
      const body: Body = {
        ...{ client, onCut, held: 0, startedAt: at, lastAt: at, paidUntil: at + limits.graceMs },
        stretch: { since: at, bytes: 0, before: 0 },
      };
      bodies.add(body);
      client.bodies.add(body);
      clients.set(name, client);
      // When the process was busy for a while, what arrived meanwhile is read first.
      timer ??= setInterval(() => setImmediate(cutTheSlow), STRETCH_MS).unref();
      return {
        take: (length) => {
          const bytes = length + PART_OVERHEAD;
          if (!bodies.has(body) || !takes(body, bytes)) return false;
          resize(body, bytes);
          const time = now();
          const paid = (length / limits.minBytesPerSecond) * 1_000;
          body.paidUntil = Math.min(time + limits.graceMs, body.paidUntil + paid);
          body.lastAt = time;
          noteStretch(body, time, length);
          return true;
        },
        end: () => remove(body),
      };
    },
    held: () => held,
  };
}

type Asking = { body: Body; bytes: number; at: number };

/** The body to cut so that `body` may hold `bytes` more: a stalled one, else one that holds more than it would. */
function victimAmong(among: Iterable<Body>, { body, bytes, at }: Asking): Body | null {
  const others = [...among].filter((other) => other !== body);
  const stalled = stalledAmong(others, at);
  if (stalled !== null) return stalled;
  const holdsMore = (other: Body): boolean =>
    other.client === body.client
      ? other.held > body.held + bytes
      : other.client.held > body.client.held + bytes;
  return largestOf(others.filter(holdsMore));
}

const stalledAmong = (among: Iterable<Body>, at: number): Body | null =>
  largestOf([...among].filter((body) => hasStalled(body, at)));

/** Of the client that holds most, the body that holds most. */
const largestOf = (among: readonly Body[]): Body | null =>
  among.reduce<Body | null>(
    (largest, body) =>
      largest === null ||
      body.client.held > largest.client.held ||
      (body.client === largest.client && body.held > largest.held)
        ? body
        : largest,
    null,
  );

const hasStalled = (body: Body, at: number): boolean =>
  at - body.lastAt >= STALLED_MS ||
  (at - body.startedAt >= 2 * STRETCH_MS && lately(body, at) < STALLED_BYTES);

function noteStretch({ stretch }: Body, at: number, bytes: number): void {
  const age = at - stretch.since;
  if (age >= STRETCH_MS) {
    stretch.before = age < 2 * STRETCH_MS ? stretch.bytes : 0;
    stretch.bytes = 0;
    stretch.since = at;
  }
  stretch.bytes += bytes;
}

const lately = ({ stretch }: Body, at: number): number =>
  at - stretch.since >= STRETCH_MS ? stretch.bytes : stretch.bytes + stretch.before;
