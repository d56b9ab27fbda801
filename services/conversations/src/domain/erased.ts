import {
  contactKeyOf,
  conversationIdOf,
  type AcceptedAct,
  type AcceptedEvent,
  type AcceptedUpdate,
  type Receipt,
} from "@fio/contracts";

/** What stays of erased conversations: their ids, and those of their messages. */
export type Tombstones = { conversations: ReadonlySet<string>; messages: ReadonlySet<string> };

/**
 * Erasure is the one way out: whatever its receipt, and whenever it comes, an event of an erased conversation, or of a
 * message that was in one, counts for nothing from the tombstone on, and nothing of it is kept.
 */
export function separateErased<Incoming extends AcceptedEvent | AcceptedAct | AcceptedUpdate>(
  incoming: readonly Incoming[],
  { conversations, messages }: Tombstones,
): { standing: Incoming[]; erased: Incoming[] } {
  const isErased = ({ event }: Incoming): boolean =>
    conversations.has(conversationIdOf(event)) ||
    (event.type === "NEW_MESSAGE" && messages.has(event.data.id));
  const { standing = [], erased = [] } = Object.groupBy(incoming, (one) =>
    isErased(one) ? "erased" : "standing",
  );
  return { standing, erased };
}

/**
 * What is said of an erased customer, also as who somebody was before, counts for nothing up to a receipt: nothing brings
 * name or phone back. Only what a conversation's creation says of them counts, which they began themselves.
 */
export function erasedUpdates<Update extends AcceptedUpdate>(
  updates: readonly Update[],
  /** By the contact's key. */
  upTo: ReadonlyMap<string, Receipt>,
): Update[] {
  return updates.filter(({ receipt, event: { data } }) =>
    [data.id, data.formerly].some(
      (id) => id !== undefined && receipt <= (upTo.get(contactKeyOf({ channel: data.channel, id })) ?? ""),
    ),
  );
}
