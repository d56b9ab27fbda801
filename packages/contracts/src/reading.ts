import { z } from "zod";
import { auditAction } from "./audit.ts";
import { streamPosition } from "./change.ts";
import { conversationState } from "./conversation.ts";
import { direction, eventType, id } from "./event.ts";
import { MAX_AUTHOR_UNITS, MAX_FOLLOWED, PAGE_MAX, QUERY_MAX_UNITS, SEARCH_PAGE_MAX } from "./limits.ts";
import { rejectionReason } from "./outcome.ts";
import { receipt } from "./receipt.ts";
import { endInput, momentInput, timestampInput } from "./timestamp.ts";
import { words } from "./search.ts";

/** What the read API takes in paths and queries. Query values are text; a name given twice is a fault, unless it is repeatable. */

const once = { message: "must be given once" };
const limit = (otherwise: number, max: number = PAGE_MAX) =>
  z
    .string(once)
    .regex(/^\d{1,6}$/, { message: `must be a whole number from 1 to ${max}` })
    .transform(Number)
    .refine((number) => number >= 1 && number <= max, { message: `must be a whole number from 1 to ${max}` })
    .default(otherwise)
    .meta({
      description: `At most this many; 1 to ${max}.`,
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: "integer", minimum: 1, maximum: max, default: otherwise });
      },
    });

const cursor = z.string(once).optional().meta({
  description: "Where the previous page ended; opaque. Take it from the `Link` header.",
});

/** A repeatable parameter is described as a list: given once, it is a list of one. */
function listOnly(jsonSchema: Record<string, unknown>): Record<string, unknown> {
  const { anyOf } = jsonSchema as { anyOf: [{ items: unknown }] };
  delete jsonSchema.anyOf;
  return Object.assign(jsonSchema, { type: "array", items: anyOf[0].items });
}

export const idPath = z.object({ id });
export const eventPath = z.object({ type: eventType, id });
export const contactQuery = z.object({ limit: limit(50), cursor });
export const receiptPath = z.object({ receipt });

export const listQuery = z.object({
  state: conversationState.optional().meta({ description: "Only these; all when left out." }),
  waiting: z
    .literal("true", { message: "must be true, or left out" })
    .optional()
    .meta({
      description:
        "Only those in which a customer waits for an answer, by `waiting_since` instead of `activity_at`; closed ones " +
        "too, for what came after the close.",
    }),
  assigned: z
    .string(once)
    .min(1)
    .max(MAX_AUTHOR_UNITS)
    .optional()
    .meta({
      description:
        "Only those that this agent has, by their id; `nobody`: that nobody has; `me`: that the agent has whose session the " +
        "`fio-session` header names (without one 401).",
      examples: ["nobody"],
    }),
  order: z.enum(["newest", "oldest"]).default("newest").meta({
    description: "Newest activity first, or oldest; with `waiting`, who waits longest is the oldest.",
  }),
  limit: limit(50),
  cursor,
});

/** Each names the place that a page of a thread is read from; no two go together. */
const THREAD_PLACES = ["before", "after", "around", "at"] as const;

export const threadQuery = z
  .object({
    limit: limit(100),
    before: cursor.meta({ description: "Messages before this place; opaque, from the `Link` header." }),
    after: cursor.meta({ description: "Messages after this place; opaque, from the `Link` header." }),
    around: id.optional().meta({
      description: "The page around this message: half of it older ones, then the message, then newer ones.",
    }),
    at: z
      .string(once)
      .pipe(momentInput)
      .optional()
      .meta({
        description:
          "The page around this time: half of it older messages, half of it those at this time or later. A date means " +
          "its beginning, in UTC unless it carries an offset.",
        examples: ["2025-02-21", "2025-02-21-03:00", "2025-02-21T10:20:42Z"],
      }),
  })
  .superRefine((query, context) => {
    const [first, ...others] = THREAD_PLACES.filter((name) => query[name] !== undefined);
    for (const name of others) {
      context.addIssue({
        code: "custom",
        path: [name],
        message: `cannot go with ${first}: a page has one place, so give only one of ${THREAD_PLACES.join(", ")}`,
      });
    }
  });

export const historyQuery = z.object({ limit: limit(100), cursor });

export const rejectionsQuery = z.object({
  conversation: id.optional().meta({ description: "Only of this conversation, whether it exists or not." }),
  reason: z
    .union([z.array(rejectionReason), rejectionReason.transform((one) => [one])], {
      message: `Invalid option: expected one of ${rejectionReason.options.map((one) => `"${one}"`).join("|")}`,
    })
    .transform((reasons) => [...new Set(reasons)])
    .optional()
    .meta({
      description: "Only for this reason; repeatable, for any of these.",
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => listOnly(jsonSchema),
    }),
  unresolved: z
    .literal("true", { message: "must be true, or be left out" })
    .transform(() => true)
    .optional()
    .meta({
      description:
        "Only what an agent has yet to see to: customers' messages that came after the close, events that wait for their " +
        "conversation beyond the grace, and `INTERNAL_ERROR`.",
    }),
  limit: limit(50),
  cursor,
});

/** Filters of a search that only messages answer to. */
const OF_MESSAGES = ["from", "to", "direction", "group"] as const;

export const searchQuery = z
  .object({
    q: z
      .string({ message: "must be given exactly once" })
      .max(QUERY_MAX_UNITS, { message: `must be at most ${QUERY_MAX_UNITS} UTF-16 units` })
      .refine((text) => words(text).length > 0, { message: "must contain a letter, a digit or an emoji" })
      .meta({
        description:
          "Words that a message must all contain, ignoring accents and case; the last may be the beginning of one from " +
          "two letters on. An emoji is a word. A customer's name, without regard to accents, and any part of their phone " +
          "number, from three digits on, find their conversations. The id of a conversation or message finds the conversation, and so does a " +
          "beginning of a conversation's id (from four hex digits on), its name as the app shows it, beginnings of the " +
          "name's words, and the four characters behind it; behind a name a beginning of them is enough.",
        examples: ["pedido atrasado", "Morro Polar d9e4"],
      }),
    kind: z
      .enum(["conversation", "message"])
      .optional()
      .meta({
        description:
          "Only conversations, by name, tail or id, at most 20 a page; or only messages. When left out, the first page " +
          "begins with up to five conversations.",
      }),
    state: conversationState.optional().meta({ description: "Only of conversations that are so now." }),
    direction: direction.optional().meta({ description: "Only such messages, and no conversations." }),
    from: z
      .string(once)
      .pipe(momentInput)
      .optional()
      .meta({
        description:
          "Only messages at this time or later, and no conversations. A date means its beginning, in UTC unless it " +
          "carries an offset.",
        examples: ["2025-02-21", "2025-02-21-03:00", "2025-02-21T10:20:42Z"],
      }),
    to: z
      .string(once)
      .pipe(endInput)
      .optional()
      .meta({
        description: "Only messages before this time, and no conversations. A date is in it as a whole.",
        examples: ["2025-02-21", "2025-02-21-03:00", "2025-02-21T10:20:42Z"],
      }),
    group: z
      .literal("conversation")
      .optional()
      .meta({
        description:
          "Only the newest message of each conversation on this page; `more` counts the others. A page stands for at " +
          "most 500 messages, and a conversation comes again on a later page when that holds older ones.",
      }),
    limit: limit(50, SEARCH_PAGE_MAX),
    cursor,
  })
  .superRefine((query, context) => {
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (query.from !== undefined && query.to !== undefined && query.from >= query.to) {
      fault("to", "must be after from");
    }
    if (query.kind !== "conversation") return;
    for (const name of OF_MESSAGES) {
      if (query[name] !== undefined) fault(name, "is about messages, and cannot go with kind=conversation");
    }
  });

export const streamQuery = z.object({
  conversation: z
    .union([z.array(id), id.transform((one) => [one])], { message: "must be a UUID" })
    .default([])
    .refine((ids) => ids.length <= MAX_FOLLOWED, { message: `must be at most ${MAX_FOLLOWED}` })
    .meta({
      description: `Follow the messages of this conversation too; repeatable, at most ${MAX_FOLLOWED}.`,
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) =>
        Object.assign(listOnly(jsonSchema), { maxItems: MAX_FOLLOWED }),
    }),
  after: streamPosition.optional().meta({
    description: "Send what came after this position first. `Last-Event-ID` takes precedence.",
  }),
});

/** An instant as events give it; without an offset it is UTC. */
const instant = z.string(once).pipe(timestampInput);

export const erasuresQuery = z.object({
  since: instant.meta({ description: "Only what was erased at this time or later." }),
  limit: limit(1_000),
  cursor,
});

/** A conversation that whoever asks may see. */
export const sight = z.object({ conversation_id: id }).meta({ id: "Sight" });
export type Sight = z.output<typeof sight>;

export const deliveriesQuery = z.object({ limit: limit(50), cursor });
export const messagePath = z.object({ id });

export const auditQuery = z.object({
  person: z.uuid().optional().meta({ description: "Only what this account did, or what was done to it." }),
  action: auditAction.optional().meta({ description: "Only this." }),
  from: z
    .string(once)
    .pipe(momentInput)
    .optional()
    .meta({
      description: "Only what was done at this time or later; a date means its beginning.",
      examples: ["2026-11-29", "2026-11-29-03:00"],
    }),
  to: z
    .string(once)
    .pipe(endInput)
    .optional()
    .meta({
      description: "Only what was done before; a date is in it as a whole.",
      examples: ["2026-11-29", "2026-11-29-03:00"],
    }),
  limit: limit(100),
  cursor,
});

export const replayQuery = z.object({
  from: instant.meta({ description: "Only what was accepted at this time or later." }),
  to: instant.optional().meta({ description: "Only what was accepted before; now when left out." }),
  reason: rejectionReason
    .default("INTERNAL_ERROR")
    .meta({ description: "Only `INTERNAL_ERROR` can be replayed; any other reason gets 409." }),
  limit: limit(500),
  cursor,
});

/** The most that a count tells: it reads one row more, and then says that there are more. */
export const COUNTED_MAX = 99;

const counted = z.object({
  count: z.int().min(0).max(COUNTED_MAX),
  more: z.boolean().meta({ description: `Whether there are more than ${COUNTED_MAX}: to be shown as 99+.` }),
});

/** How many conversations there are of some kinds, each read from the beginning of an index. */
export const counts = z
  .object({
    waiting: counted.meta({ description: "In which a customer waits: what `waiting=true` lists." }),
    failed_deliveries: counted.meta({
      description:
        "Messages that did not leave, were given up, and that nobody has seen to: what `GET /deliveries` lists.",
    }),
  })
  .meta({ id: "Counts" });
export type Counts = z.output<typeof counts>;

/** Of the answer to a replay of many. */
export const replayedMany = z
  .object({
    status: z.literal("accepted"),
    queued: z.int().meta({ description: "How many are in the queue again, each under its own receipt." }),
    more: z
      .boolean()
      .meta({ description: "Whether there are more: the same call with the `Link` header's cursor." }),
  })
  .meta({ id: "ReplayedMany" });

/** Of the answer to a replay. */
export const replayed = z
  .object({ status: z.literal("accepted"), receipt })
  .meta({ id: "Replayed", description: "It is in the queue again, under its own receipt." });
