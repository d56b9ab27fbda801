import {
  type DeliveryStatus,
  timestampOf,
  type Direction,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import type { Random } from "../../support/random.ts";
import { customers, type Customer } from "./customers.ts";
import type { SentEvent } from "./journal.ts";

/** Events without an end, of many conversations at once, as customers, agents and forgetful senders make them. */
export type Histories = { next: () => SentEvent };

/** How many conversations are under way at a time. */
const ACTIVE = 60;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TEXTS = [
  "Olá, tudo bem?",
  "Oi 👋🏽",
  "  com espaços  ",
  "linha\nlinha",
  "שלום",
  "ok",
  "Preciso de ajuda",
];

export function histories({ random, now }: { random: Random; now: () => number }): Histories {
  const active: SentEvent[][] = [];
  const next = customers(random);
  // Ids of messages of other conversations, which a few events wrongly use again.
  const foreign: string[] = [];

  const fresh = (): SentEvent[] => {
    const messages = Array.from({ length: 1 + random.int(5) }, () =>
      foreign.length > 0 && random.chance(0.004) ? random.pick(foreign) : random.uuid(),
    );
    foreign.push(random.pick(messages));
    if (foreign.length > 500) foreign.shift();
    return historyOf({ id: random.uuid(), messages, customer: next(), random, now: now() });
  };

  return {
    next: () => {
      while (active.length < ACTIVE) active.push(fresh());
      const index = random.int(active.length);
      const events = active[index] as SentEvent[];
      const event = events.shift() as SentEvent;
      if (events.length === 0) active[index] = fresh();
      return event;
    },
  };
}

/**
 * One conversation: a creation, messages, perhaps a close; then repeated, contradicted and put out of order with small
 * pools of values, so that in a dozen events everything meets everything. A few are never created.
 */
function historyOf({
  id,
  messages,
  customer,
  random,
  now,
}: {
  id: string;
  messages: string[];
  customer: Customer;
  random: Random;
  now: number;
}): SentEvent[] {
  // Some come from a clock that is ahead: they are placed where they were received.
  const clock = random.chance(0.05) ? now + HOUR_MS : now - MINUTE_MS;
  const timestamps = [0, 1, 2].map((step) => shifted(timestampOf(clock + step * 700), random.int(1_000)));
  // Of one conversation mostly by one id, and each time by another name.
  const [own, other] = [customer.said(), customer.said()];
  const isNamed = random.chance(0.5);
  const said = () =>
    isNamed ? { contact: random.chance(0.8) ? { ...customer.said(), id: own.id } : other } : {};
  const about = (type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION"): WebhookEvent => ({
    type,
    timestamp: random.pick(timestamps),
    data: type === "NEW_CONVERSATION" ? { id, ...said() } : { id },
  });
  const texts = [random.pick(TEXTS), random.chance(0.03) ? longText(random) : random.pick(TEXTS)];
  const message = (): WebhookEvent => ({
    type: "NEW_MESSAGE",
    timestamp: random.pick(timestamps),
    data: {
      id: random.pick(messages),
      direction: random.pick<Direction>(["RECEIVED", "SENT"]),
      content: random.pick(texts),
      conversation_id: id,
    },
  });

  const status = (): WebhookEvent => {
    const is = random.pick<DeliveryStatus>(["SENT", "FAILED", "DELIVERED", "READ"]);
    return {
      type: "MESSAGE_STATUS",
      timestamp: random.pick(timestamps),
      data: {
        // Of a message that never comes, some.
        message_id: random.chance(0.05) ? id : random.pick(messages),
        conversation_id: id,
        status: is,
        ...(is === "FAILED" ? { detail: "131047" } : {}),
      },
    };
  };

  const events: SentEvent[] = random.chance(0.03) ? [] : [about("NEW_CONVERSATION")];
  for (let count = 2 + random.int(8); count > 0; count -= 1) events.push(message());
  if (random.chance(0.5)) {
    const at = 1 + random.int(events.length);
    events.splice(at, 0, about("CLOSE_CONVERSATION"));
  }
  for (let count = random.int(4); count > 0; count -= 1)
    events.splice(1 + random.int(events.length), 0, status());
  for (let count = random.int(3); count > 0; count -= 1)
    events.splice(random.int(events.length + 1), 0, customer.update(random.pick(timestamps)));
  if (random.chance(0.15)) events.push(about("NEW_CONVERSATION"));
  if (random.chance(0.15)) events.push(about("CLOSE_CONVERSATION"));
  for (let repeats = random.int(4); repeats > 0; repeats -= 1) events.push(random.pick(events));
  // Most senders keep about their order; some do not.
  if (random.chance(0.3)) return random.shuffled(events);
  for (let index = events.length - 1; index > 0; index -= 1) {
    if (!random.chance(0.15)) continue;
    [events[index - 1], events[index]] = [events[index] as SentEvent, events[index - 1] as SentEvent];
  }
  return events;
}

/** With microseconds of its own: they must survive the whole way. */
function shifted(timestamp: Timestamp, microseconds: number): Timestamp {
  return `${timestamp.slice(0, 23)}${String(microseconds).padStart(3, "0")}Z` as Timestamp;
}

function longText(random: Random): string {
  return `${random.uuid()} ${"mensagem longa 🙂 ".repeat(20 + random.int(400))}`;
}
