import type { RivalEvent } from "./events.ts";

/** The store of a service that keeps conversations and messages and asks the two rules: it exists, it is open. */
export type RivalStore = {
  /** In one transaction, one after another; the code of the first refusal, with which all are undone. */
  apply: (events: readonly RivalEvent[]) => Promise<string | null>;
  /** One statement for each kind, and no rule. */
  insertAll: (events: readonly RivalEvent[]) => Promise<void>;
};

/** The two tables in both databases; names and columns are Fio's, where it has them. */
export const RIVAL_SCHEMA = (uuid: string): string => `
  create table if not exists conversations (
    id ${uuid} primary key, state text not null, created_at text not null, closed_at text
  );
  create table if not exists messages (
    id ${uuid} primary key, conversation_id ${uuid} not null references conversations (id),
    direction text not null, content text not null, timestamp text not null
  );
  create index if not exists messages_of_conversation on messages (conversation_id, timestamp);
`;

/** A creation, a message, a close: what an insert of all takes apart. */
export function byKind(events: readonly RivalEvent[]): {
  created: Array<Extract<RivalEvent, { type: "NEW_CONVERSATION" }>>;
  messages: Array<Extract<RivalEvent, { type: "NEW_MESSAGE" }>>;
} {
  return {
    created: events.filter((event) => event.type === "NEW_CONVERSATION"),
    messages: events.filter((event) => event.type === "NEW_MESSAGE"),
  };
}
