import { z } from "zod";
import { contactKeyOf } from "./contact-key.ts";
import { millisecondsOf, type Timestamp } from "./instants.ts";
import {
  MAX_AUTHOR_UNITS,
  MAX_CONTACT_UNITS,
  MAX_CONTENT_UNITS,
  MAX_DETAIL_UNITS,
  MAX_PHONE_UNITS,
} from "./limits.ts";
import { media } from "./media.ts";
import { receipt } from "./receipt.ts";
import { text } from "./text.ts";
import { timestampInput } from "./timestamp.ts";

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** A UUID of any version, in either case; lower case from here on. */
export const id = z
  .string()
  .regex(UUID, { message: "must be a UUID" })
  .toLowerCase()
  .meta({
    description: "A UUID of any version, in either case; stored in lower case.",
    format: "uuid",
    examples: ["6a41b347-8d80-4ce9-84ba-7af66f369f6a"],
  });

export const direction = z.enum(["RECEIVED", "SENT"]).meta({
  id: "Direction",
  description: "RECEIVED from the customer, SENT by the business.",
});

const content = text(MAX_CONTENT_UNITS).meta({
  description: "1 to 65,536 UTF-16 units, kept exactly as sent. No U+0000, no lone surrogates.",
  maxLength: MAX_CONTENT_UNITS,
  examples: ["Olá, tudo bem?"],
});

/** Which agent wrote a message. Two are the same author when their ids are, whatever name each had at the time. */
export const author = z
  .object({
    id: text(MAX_AUTHOR_UNITS).meta({ maxLength: MAX_AUTHOR_UNITS, examples: ["marina"] }),
    name: text(MAX_AUTHOR_UNITS).meta({ maxLength: MAX_AUTHOR_UNITS, examples: ["Marina Alves"] }),
  })
  .meta({
    id: "Author",
    description: "An agent, by the name they had when they wrote the message, or took it on.",
  });
export type Author = z.output<typeof author>;

const contactName = text(MAX_CONTACT_UNITS).meta({ maxLength: MAX_CONTACT_UNITS, examples: ["Ana Souza"] });
const contactPhone = text(MAX_PHONE_UNITS).meta({
  description: "As it is to be shown; found by its digits.",
  maxLength: MAX_PHONE_UNITS,
  examples: ["+55 11 91234-5678"],
});
const contactId = text(MAX_CONTACT_UNITS).meta({
  description: "Stable within its channel. A phone number is none: people change theirs.",
  maxLength: MAX_CONTACT_UNITS,
  examples: ["5511912345678"],
});
/** What names a contact. */
const contactNames = {
  channel: text(MAX_CONTACT_UNITS).meta({
    description: "The number or account of the business that the customer writes to.",
    maxLength: MAX_CONTACT_UNITS,
    examples: ["whatsapp:551140001234"],
  }),
  id: contactId,
};
export const contactPath = z.object(contactNames).meta({ id: "ContactName" });
export type ContactName = z.output<typeof contactPath>;
/** What is said of one: absent leaves what is known, null clears it. */
const contactFields = { name: contactName.nullable().optional(), phone: contactPhone.nullable().optional() };

/** A contact as a creation names it. */
export const contactSaid = z.object({ ...contactNames, ...contactFields }).meta({
  id: "ContactSaid",
  description:
    "The customer. Of name and phone, each for itself, what was said under the greatest receipt counts; what is absent says " +
    "nothing, null clears. Two creations that differ in nothing but name and phone are equal.",
});
export type ContactSaid = z.output<typeof contactSaid>;

export const newConversation = z
  .object({
    type: z.literal("NEW_CONVERSATION"),
    timestamp: timestampInput,
    data: z.object({ id, contact: contactSaid.optional() }),
  })
  .meta({ id: "NewConversation" });

export const updateContact = z
  .object({
    type: z.literal("UPDATE_CONTACT"),
    timestamp: timestampInput,
    data: z.object({
      ...contactNames,
      ...contactFields,
      formerly: contactId.optional().meta({
        description:
          "Another id of the same person in this channel: from now on, and for good, the two are one.",
      }),
    }),
  })
  .meta({
    id: "UpdateContact",
    description:
      "Something new about a customer, who need not be known yet. Of name and phone, each for itself, what was said under " +
      "the greatest receipt counts, in whatever order events are processed; what is absent says nothing, null clears.",
  });
/** About a customer, whatever conversations there are. */
export type ContactUpdate = z.output<typeof updateContact>;

const messageData = z.object({
  id,
  direction,
  content,
  conversation_id: id,
  media: media.optional().meta({
    description:
      "The file that the message is about. Its content then says what it is, and holds the caption.",
  }),
});

export const newMessage = z
  .object({
    type: z.literal("NEW_MESSAGE"),
    timestamp: timestampInput,
    data: messageData.extend({
      author: author.optional().meta({
        description:
          "Counts only when it is signed with one of `WEB_SECRETS`; from everyone else it is ignored like an unknown " +
          "key. Of two messages that differ in nothing but the author's name, the second is a duplicate.",
      }),
    }),
  })
  .meta({ id: "NewMessage" });

/** From those who cannot say which agent wrote it: an author is an unknown key, whatever its shape. */
const newMessageWithoutAuthor = z.object({
  type: z.literal("NEW_MESSAGE"),
  timestamp: timestampInput,
  data: messageData,
});

export const closeConversation = z
  .object({ type: z.literal("CLOSE_CONVERSATION"), timestamp: timestampInput, data: z.object({ id }) })
  .meta({ id: "CloseConversation" });

/** What the customer's phone, or whoever leads there, tells of a message that was sent. */
export const deliveryStatus = z.enum(["SENT", "FAILED", "DELIVERED", "READ"]).meta({
  id: "DeliveryStatus",
  description:
    "SENT: on its way to the phone. FAILED: it will not arrive. DELIVERED: on the phone. READ: the customer has seen it.",
});
export type DeliveryStatus = z.output<typeof deliveryStatus>;

const statusDetail = text(MAX_DETAIL_UNITS).meta({
  description: "More about it in words or a code, as of a failure its reason. 1 to 1,000 UTF-16 units.",
  maxLength: MAX_DETAIL_UNITS,
  examples: ["131047"],
});

export const messageStatus = z
  .object({
    type: z.literal("MESSAGE_STATUS"),
    timestamp: timestampInput,
    data: z.object({
      message_id: id,
      conversation_id: id,
      status: deliveryStatus,
      detail: statusDetail.optional(),
    }),
  })
  .meta({
    id: "MessageStatus",
    description:
      "What became of a message on its way to the customer. Statuses never conflict, and may come in any order: the " +
      "message's state is the highest of SENT, FAILED, DELIVERED, READ; a SENT with a greater timestamp lifts a FAILED. " +
      "Two with the same message, status and timestamp are one, whatever their details. It may come before its message.",
  });
export type MessageStatus = z.output<typeof messageStatus>;

export const assignConversation = z
  .object({
    type: z.literal("ASSIGN_CONVERSATION"),
    timestamp: timestampInput,
    data: z.object({
      id,
      agent: author.nullable().meta({
        description: "Who has it from now on, by the name they have now; null: nobody.",
      }),
    }),
  })
  .meta({
    id: "AssignConversation",
    description:
      "An agent takes a conversation, gives it to another, or gives it back. Taken only when it is signed with one of " +
      "`WEB_SECRETS`. Assignments never conflict, and a close does not refuse them: the one with the greatest receipt counts, in " +
      "whatever order they come. Two that differ in nothing but the agent's name are one.",
  });
export type AssignConversation = z.output<typeof assignConversation>;

/** What the law decides on. Parsing normalises it: ids in lower case, timestamps in UTC microseconds, unknown keys gone. */
export const webhookEvent = z.discriminatedUnion("type", [
  newConversation,
  newMessage,
  closeConversation,
  messageStatus,
  assignConversation,
]);

/**
 * What a browser posts: it cannot say which agent wrote a message, and knows nothing of the customer's phone. To whom it gives a
 * conversation counts by the id alone, whatever name it says.
 */
export const eventWithoutAuthor = z.discriminatedUnion("type", [
  newConversation,
  newMessageWithoutAuthor,
  closeConversation,
  assignConversation,
]);

/** A normalised event: two of them are equal exactly when all their fields are, of an author the id alone. */
export type WebhookEvent = z.output<typeof webhookEvent>;
/** What an agent writes, begins, closes or assigns in the app. */
export type AgentEvent = Exclude<WebhookEvent, MessageStatus>;
export type EventType = WebhookEvent["type"];
export type NewMessage = z.output<typeof newMessage>;
export type Direction = z.output<typeof direction>;

export const eventType = z
  .enum(["NEW_CONVERSATION", "NEW_MESSAGE", "CLOSE_CONVERSATION", "MESSAGE_STATUS", "ASSIGN_CONVERSATION"])
  .meta({ id: "EventType" });

const refused = {
  receipt: receipt.meta({ description: "Of the refused event." }),
  conversation_id: id.meta({ description: "The conversation that the refused event names." }),
};

/**
 * An agent has seen to an event that was refused: it needs no answer (`seen`), or was written anew in another conversation
 * (`carried`). Of several about one event the one with the greatest receipt counts.
 */
export const resolveRejection = z
  .object({
    type: z.literal("RESOLVE_REJECTION"),
    timestamp: timestampInput,
    data: z.discriminatedUnion("how", [
      z.object({ ...refused, how: z.literal("seen") }),
      z.object({
        ...refused,
        how: z.literal("carried"),
        carried_to: id.meta({ description: "The conversation in which it was written anew." }),
      }),
    ]),
  })
  .meta({
    id: "ResolveRejection",
    description:
      "An agent has seen to a refused event. Taken only when it is signed with one of `WEB_SECRETS`. It may come before " +
      "its refusal; of several about one event the last by receipt counts.",
  });

export type ResolveRejection = z.output<typeof resolveRejection>;

/** What agents do, as the web app posts it: taken only under its own secret. */
export type AgentAct = ResolveRejection | AssignConversation;

/** Whatever may be posted. */
export const postedEvent = z.discriminatedUnion("type", [
  ...webhookEvent.options,
  updateContact,
  resolveRejection,
]);
export type PostedEvent = z.output<typeof postedEvent>;

/** Whatever a sender may post: no author, and acts are refused where that can be told. */
export const postedWithoutAuthor = z.discriminatedUnion("type", [
  ...eventWithoutAuthor.options,
  messageStatus,
  updateContact,
  resolveRejection,
]);
export const postedType = z
  .enum([...eventType.options, "UPDATE_CONTACT", "RESOLVE_REJECTION"])
  .meta({ id: "PostedType" });
export type PostedType = PostedEvent["type"];

export function isAct(event: PostedEvent): event is AgentAct {
  return isAboutRefusal(event) || event.type === "ASSIGN_CONVERSATION";
}

export function isAboutRefusal(event: PostedEvent): event is ResolveRejection {
  return event.type === "RESOLVE_REJECTION";
}

export function isContactUpdate(event: PostedEvent): event is ContactUpdate {
  return event.type === "UPDATE_CONTACT";
}

/** The conversation that an event is about; in its place, of what is about a contact, that one's key. */
export function conversationIdOf(event: PostedEvent): string {
  if (isContactUpdate(event)) return contactKeyOf(event.data);
  return "conversation_id" in event.data ? event.data.conversation_id : event.data.id;
}

/**
 * What an event is called by: its own id, of a status its message's, of an assignment its conversation's, of what was done about a
 * refused event that one's receipt, else a contact's key.
 */
export function nameOf(event: PostedEvent): string {
  if (isContactUpdate(event)) return contactKeyOf(event.data);
  return isAboutRefusal(event) ? event.data.receipt : idOf(event);
}

/** The id under which an event is found: its own, of a status its message's, of an assignment its conversation's. */
export function idOf(event: WebhookEvent): string {
  return event.type === "MESSAGE_STATUS" ? event.data.message_id : event.data.id;
}

/** Milliseconds that a timestamp is ahead of `now`, a clock in milliseconds; negative when it lies behind. */
export function aheadMs(timestamp: Timestamp, now: number): number {
  return millisecondsOf(timestamp) - now;
}
