import { z } from "zod";
import { author, contactPath, deliveryStatus, direction, eventType, id, postedType } from "./event.ts";
import { messageDelivery } from "./delivery.ts";
import { media } from "./media.ts";
import { CARRIED_MAX } from "./limits.ts";
import { rejectionReason } from "./outcome.ts";
import { receipt } from "./receipt.ts";
import { timestamp } from "./timestamp.ts";

export const conversationState = z.enum(["OPEN", "CLOSED"]).meta({ id: "ConversationState" });
export type ConversationState = z.output<typeof conversationState>;

/** A customer as known now. */
export const contactRow = contactPath
  .extend({
    name: z.string().nullable(),
    phone: z.string().nullable(),
    version: z.int().meta({ description: "Rises with every change; keep the highest." }),
  })
  .meta({ id: "ContactRow" });
export type ContactRow = z.output<typeof contactRow>;

/** A row of the list. `version` rises with every change of the conversation; keep the highest. */
export const conversationRow = z
  .object({
    id,
    state: conversationState,
    created_at: timestamp,
    closed_at: timestamp.nullable(),
    version: z.int(),
    message_count: z.int(),
    activity_at: timestamp.meta({
      description:
        "The sort key of the list: the place of the creation or of the newest message, whichever is later.",
    }),
    last_message_at: timestamp.nullable(),
    last_message_preview: z.string().nullable(),
    last_message_direction: direction.nullable(),
    waiting_since: timestamp.nullable().meta({
      description:
        "The lowest place of a message that the customer waits for an answer to; null when nobody waits. In an open " +
        "conversation those that no answer follows, by place or by receipt (one that did not reach the phone is none); in " +
        "a closed one those that came after the close, until they are resolved.",
    }),
    last_received_receipt: receipt.nullable().meta({
      description:
        "The highest receipt of a message from the customer, of those too that came after the close and are not " +
        "resolved.",
    }),
    contact: contactRow
      .optional()
      .meta({ description: "The customer; absent where the creation named none." }),
    assigned_to: author.optional().meta({
      description: "The agent who has it, by the last `ASSIGN_CONVERSATION`; absent where nobody has.",
    }),
  })
  .meta({ id: "ConversationRow" });
export type ConversationRow = z.output<typeof conversationRow>;

export const messageState = z
  .object({ status: deliveryStatus, timestamp, detail: z.string().optional() })
  .meta({
    id: "MessageState",
    description: "The highest of the message's statuses, with its time and its detail.",
  });

export const message = z
  .object({
    id,
    direction,
    content: z.string(),
    timestamp,
    receipt,
    author: author.optional().meta({ description: "Absent where none was told, or not by the web app." }),
    media: media
      .optional()
      .meta({ description: "Absent where none was told. Fio keeps the reference, not the file." }),
    state: messageState.optional().meta({ description: "Absent as long as no status of it is known." }),
    delivery: messageDelivery.optional().meta({
      description: "Absent where it is not one that leaves: without an author, or without `DELIVERY_URL`.",
    }),
  })
  .meta({ id: "Message" });
export type Message = z.output<typeof message>;

/** From where refused messages were carried into a conversation. */
const carriedFrom = z
  .object({
    conversation_id: id.meta({ description: "The conversation that refused them." }),
    receipts: z.array(receipt).meta({ description: "Of the refused events, in order." }),
  })
  .meta({ id: "CarriedFrom" });
export type CarriedFrom = z.output<typeof carriedFrom>;

/** A conversation with its latest messages in ascending (place, receipt) order, see place.ts. */
export const conversation = conversationRow
  .extend({
    messages: z.array(message),
    carried_from: z
      .array(carriedFrom)
      .optional()
      .meta({
        description: `Where refused messages were carried from, when any were; the first ${CARRIED_MAX} of them.`,
      }),
  })
  .meta({ id: "Conversation" });
export type Conversation = z.output<typeof conversation>;

/** A customer with every id that is theirs, and a page of their conversations, newest activity first. */
export const contact = contactRow
  .extend({
    also: z.array(contactPath).meta({ description: "Other ids of the same person, by `formerly`." }),
    conversations: z.array(conversationRow),
  })
  .meta({ id: "Contact" });
export type Contact = z.output<typeof contact>;

/** Of each type of event its own keys. */
const shownData = z.looseObject({
  id: z.string().optional(),
  direction: z.string().optional(),
  content: z.string().optional(),
  conversation_id: z.string().optional(),
  author: author.optional(),
  media: media.optional(),
  agent: author.nullable().optional(),
  receipt: z.string().optional(),
  how: z.string().optional(),
  carried_to: z.string().optional(),
  message_id: z.string().optional(),
  status: z.string().optional(),
  detail: z.string().optional(),
});

/** An event as the API shows it: as posted, normalised. */
export const shownEvent = z
  .object({ type: postedType, timestamp, data: shownData })
  .meta({ id: "ShownEvent" });
export type ShownEvent = z.output<typeof shownEvent>;

const outcomeKind = z.enum(["applied", "waiting", "rejected"]);

/** What an agent did about a refused event: the act with the greatest receipt, which is `receipt`. */
export const resolution = z
  .object({
    how: z.enum(["seen", "carried"]).meta({
      description: "`seen`: it needs nothing more. `carried`: it was written anew in another conversation.",
    }),
    carried_to: id.optional().meta({ description: "That conversation." }),
    receipt: receipt.meta({ description: "Of the agent's act." }),
  })
  .meta({ id: "Resolution" });
export type Resolution = z.output<typeof resolution>;

/** One event of a conversation's history: the event, when it was accepted, and its outcome. */
export const historyEntry = z
  .object({
    receipt,
    event: shownEvent,
    outcome: outcomeKind,
    reason: rejectionReason.optional(),
    detail: z.string().optional(),
    resolution: resolution.optional().meta({ description: "Of a refused event that an agent has seen to." }),
  })
  .meta({ id: "HistoryEntry" });
export type HistoryEntry = z.output<typeof historyEntry>;

const fate = z.object({
  outcome: outcomeKind,
  reason: rejectionReason.optional(),
  detail: z.string().optional(),
  receipt,
  conversation_id: id,
});

/** The outcome of an event: of the applied one, else of the one with the lowest receipt; the rest in `others`. */
export const eventOutcome = fate
  .extend({ type: eventType, id, others: z.array(fate).optional() })
  .meta({ id: "EventOutcome" });
export type EventOutcome = z.output<typeof eventOutcome>;

/** All that is known of an event whose conversation was erased for good. */
export const erasedEvent = z.object({ type: eventType, id, outcome: z.literal("erased") }).meta({
  id: "ErasedEvent",
  description: "Its conversation was erased for good: nothing else of it is known.",
});
export type ErasedEvent = z.output<typeof erasedEvent>;

/** A conversation that was erased for good; whoever keeps anything of it drops it. */
export const erasure = z.object({ conversation_id: id, erased_at: z.iso.datetime() }).meta({ id: "Erasure" });
export type Erasure = z.output<typeof erasure>;

/** An accepted event that is not in the store. `waiting` ones are reported once the grace is over. */
export const rejection = z
  .object({
    receipt,
    conversation_id: id,
    event: shownEvent,
    reason: rejectionReason,
    detail: z.string().optional(),
    resolution: resolution.nullable().meta({ description: "`null`: no agent has seen to it." }),
    delivery: messageDelivery.optional().meta({
      description: "Of a message that was to leave: `delivered` where it had left before it was refused.",
    }),
  })
  .meta({ id: "Rejection" });
export type Rejection = z.output<typeof rejection>;

/** A message that holds all the words, or a conversation that the query names (`message` null). */
export const searchHit = z
  .object({
    conversation_id: id,
    state: conversationState,
    message: message.nullable(),
    conversation: conversationRow
      .optional()
      .meta({ description: "Its row in the list, of a hit that is a conversation." }),
    contact: contactRow
      .optional()
      .meta({ description: "Of a hit that is a message, whose conversation it is." }),
    more: z
      .int()
      .optional()
      .meta({ description: "With `group`: how many more messages of it, all older, this page stands for." }),
  })
  .meta({ id: "SearchHit" });
export type SearchHit = z.output<typeof searchHit>;
