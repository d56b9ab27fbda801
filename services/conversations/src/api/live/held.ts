import { sees, type HeldAs, type Sight } from "../../store/queries/sight.ts";
import type { ChangedRow, GivenConversation } from "./entry.ts";

/** Asks the store; throws what it throws. */
export type AskHolders = {
  /** Who has which of these conversations. */
  conversations: (ids: readonly string[]) => Promise<ReadonlyMap<string, HeldAs>>;
  /** Who has conversations of these contacts, by the keys of the contacts. */
  contacts: (keys: readonly string[]) => Promise<ReadonlyMap<string, ReadonlySet<string | null>>>;
};

/** What an agent who is held to their own may be told. */
export type Held = {
  agent: string;
  ask: AskHolders;
  /** Reads who has what it follows: before it is told anything, and again once it hears all that is given. */
  look: () => Promise<void>;
  /** Whether it may be told of a conversation that it follows: of none before the first look. */
  tells: (conversation: string) => boolean;
  /** Takes in that one was given; whether it is to forget what it knew of it. */
  given: (one: GivenConversation) => boolean;
  isSeen: (holder: string | null) => boolean;
};

export function createHeld({
  sight,
  follows,
  ask,
}: {
  sight: NonNullable<Sight>;
  follows: readonly string[];
  ask: AskHolders;
}): Held {
  const followed = new Map<string, HeldAs>();
  const keep = (conversation: string, as: HeldAs): void => {
    // Looks and changes come in any order.
    if ((followed.get(conversation)?.version ?? -2) <= as.version) followed.set(conversation, as);
  };
  return {
    agent: sight.agent,
    ask,
    look: async () => {
      if (follows.length === 0) return;
      const holders = await ask.conversations(follows);
      // What does not exist yet is nobody's.
      for (const id of follows) keep(id, holders.get(id) ?? { version: -1, holder: null });
    },
    tells: (conversation) => {
      const as = followed.get(conversation);
      return as !== undefined && sees(sight, as.holder);
    },
    given: ({ conversation, version, from, to }) => {
      if (follows.includes(conversation)) keep(conversation, { version, holder: to });
      return sees(sight, from) && !sees(sight, to);
    },
    isSeen: (holder) => sees(sight, holder),
  };
}

const MOST_GIVEN = 10_000;

/** Who has the conversations of rows: as a row says, or as was heard of a later version of it. */
export function createHolders() {
  const last = new Map<string, HeldAs>();
  return {
    given: ({ conversation, version, to }: GivenConversation): void => {
      if ((last.get(conversation)?.version ?? -1) > version) return;
      last.delete(conversation);
      last.set(conversation, { version, holder: to });
      const oldest = last.keys().next().value;
      if (last.size > MOST_GIVEN && oldest !== undefined) last.delete(oldest);
    },
    of: ({ id, version, holder = null }: ChangedRow): string | null => {
      const known = last.get(id);
      return known !== undefined && known.version > version ? known.holder : holder;
    },
  };
}
