import { z } from "zod";
import { contactRow, conversationRow, message, messageState, rejection } from "./conversation.ts";
import { messageDelivery } from "./delivery.ts";
import { id } from "./event.ts";
import { presenceFrame } from "./presence.ts";
import { receipt } from "./receipt.ts";

/**
 * A live frame carries the data that changed. `version` is its conversation's after the change: clients
 * keep the highest for each row and each message, removals included, since frames may come twice or out of order.
 */
export const conversationFrame = z
  .object({ event: z.literal("conversation"), conversation: conversationRow })
  .meta({ id: "ConversationFrame", description: "The row of the list as it is now." });
export const messageFrame = z
  .object({ event: z.literal("message"), conversation_id: id, version: z.int(), message })
  .meta({ id: "MessageFrame", description: "A message that is in the conversation from this version on." });
export const messageRemovedFrame = z
  .object({
    event: z.literal("message_removed"),
    conversation_id: id,
    version: z.int(),
    message_id: id,
    receipt,
  })
  .meta({
    id: "MessageRemovedFrame",
    description: "A message that is no longer in the conversation: it came after the close.",
  });
export const messageStatusFrame = z
  .object({
    event: z.literal("message_status"),
    conversation_id: id,
    version: z.int(),
    message_id: id,
    state: messageState,
  })
  .meta({
    id: "MessageStatusFrame",
    description:
      "Another status of a message is known. It counts if it is higher than what is known of the message: frames may come in " +
      "any order, and before their message.",
  });
export const messageDeliveryFrame = z
  .object({
    event: z.literal("message_delivery"),
    conversation_id: id,
    message_id: id,
    delivery: messageDelivery,
  })
  .meta({
    id: "MessageDeliveryFrame",
    description:
      "Where a message that is to leave stands now, one that was taken out of its conversation too. Keep the one with the highest version.",
  });
export const rejectionFrame = z
  .object({
    event: z.literal("rejection"),
    conversation_id: id,
    version: z.int(),
    receipt,
    rejection: rejection.nullable(),
  })
  .meta({
    id: "RejectionFrame",
    description:
      "An event of the conversation that is refused, as it is from this version on, with what agents did about it; " +
      "`rejection` is null when it is refused no longer.",
  });

export const refusalsFrame = z
  .object({
    event: z.literal("refusals"),
    what: z.enum(["to_resolve", "waiting", "other"]).meta({
      description:
        "`to_resolve`: there is something new that an agent has to see to. `waiting`: an event waits for its conversation. " +
        "`other`: whatever else, as that one is refused no longer, or was seen to.",
    }),
    reported_in: z.int().meta({
      description:
        "Milliseconds until `GET /rejections` tells of it: what waits is reported after the grace.",
    }),
  })
  .meta({
    id: "RefusalsFrame",
    description:
      "What `GET /rejections` answers has changed, whatever the conversation. Sent to everyone, at most four times a second.",
  });

export const deliveriesFrame = z.object({ event: z.literal("deliveries") }).meta({
  id: "DeliveriesFrame",
  description:
    "What `GET /deliveries` answers has changed, whatever the conversation. Sent to everyone, at most four times a second.",
});

export const contactFrame = z.object({ event: z.literal("contact"), contact: contactRow }).meta({
  id: "ContactFrame",
  description:
    "A customer as known now, for whatever conversations are theirs. Sent to everyone, as rows are.",
});

export const erasedFrame = z.object({ event: z.literal("erased"), conversation_id: id }).meta({
  id: "ErasedFrame",
  description:
    "The conversation was erased for good: drop all that is known of it. Sent to everyone; nothing of it follows.",
});

/**
 * Who has a conversation has changed, at this version: by the accounts' ids, `null` for nobody. Announced and not sent on: for
 * those who see it no more the api makes an {@link unseenFrame} of it.
 */
export const assignedChange = z.object({
  event: z.literal("assigned"),
  conversation_id: id,
  version: z.int(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

export const unseenFrame = z.object({ event: z.literal("unseen"), conversation_id: id }).meta({
  id: "UnseenFrame",
  description:
    "The conversation was given to somebody else, and whoever is told of it may not see it any more (`AGENTS_SEE=own`): drop " +
    "what is known of it. It is told of again when it is given back.",
});

/** One change, as the worker announces it in the Redis stream and the api sends it on. */
export const change = z.discriminatedUnion("event", [
  assignedChange,
  conversationFrame,
  messageFrame,
  messageRemovedFrame,
  messageStatusFrame,
  messageDeliveryFrame,
  rejectionFrame,
  refusalsFrame,
  deliveriesFrame,
  contactFrame,
  erasedFrame,
]);
export type Change = z.output<typeof change>;

const POSITION = /^(\d{1,20})-(\d{1,20})$/;
const fitsRedis = (number: string | undefined): boolean => BigInt(number ?? 0) < 2n ** 64n;

/** A place in the stream of changes. Opaque to clients: the id of an entry in Redis. */
export const streamPosition = z
  .string()
  .refine(
    (text) => {
      const match = POSITION.exec(text);
      return match !== null && fitsRedis(match[1]) && fitsRedis(match[2]);
    },
    { message: "must be a position from the stream or a snapshot, e.g. 1740133242349-0" },
  )
  .meta({
    id: "StreamPosition",
    description: "A place in the stream of changes; opaque.",
    examples: ["1740133242349-0"],
  });

/** What the stream says about itself. */
export const readyFrame = z.object({ event: z.literal("ready"), position: streamPosition }).meta({
  id: "ReadyFrame",
  description:
    "From here on the client is live: everything it missed has been sent, except rows of the list, which are sent at their own pace.",
});
export const resetFrame = z.object({ event: z.literal("reset"), position: streamPosition }).meta({
  id: "ResetFrame",
  description:
    "What the client missed is no longer available: load new snapshots. Changes from `position` on follow.",
});
export const skippedFrame = z.object({ event: z.literal("skipped") }).meta({
  id: "SkippedFrame",
  description:
    "More rows have changed than are told one by one: some changes of rows were left out, so read the lists that are shown " +
    "again, at your own pace. Messages of the conversations that are followed are all told.",
});
export const stalledFrame = z.object({ event: z.literal("stalled") }).meta({
  id: "StalledFrame",
  description: "The api receives no changes at the moment; `ready` or `reset` follows when it does again.",
});

/** Every frame of the live stream: `event` is its SSE event, and the JSON of the whole is its data. */
export const liveFrame = z.discriminatedUnion("event", [
  conversationFrame,
  messageFrame,
  messageRemovedFrame,
  messageStatusFrame,
  messageDeliveryFrame,
  rejectionFrame,
  refusalsFrame,
  deliveriesFrame,
  contactFrame,
  erasedFrame,
  unseenFrame,
  presenceFrame,
  readyFrame,
  resetFrame,
  skippedFrame,
  stalledFrame,
]);
export type LiveFrame = z.output<typeof liveFrame>;
/** What is told of Fio, and not of the stream. */
export type ToldFrame = Exclude<LiveFrame, { event: "ready" | "reset" | "skipped" | "stalled" }>;

/** The response header with the position that a snapshot was read after. */
export const POSITION_HEADER = "X-Stream-Position";

/** The field of a stream entry that holds the changes of one transaction: a JSON array of {@link Change}. */
export const CHANGES_FIELD = "changes";
/** About how many entries the stream keeps; a client further behind gets `event: reset`. */
export const CHANGES_KEPT = 100_000;
