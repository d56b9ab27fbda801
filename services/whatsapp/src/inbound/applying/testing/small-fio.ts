import {
  problemOf,
  receiptOf,
  timestampOf,
  type Contact,
  type ConversationRow,
  type EventOutcome,
  type PostedEvent,
  type ProblemCode,
  type Receipt,
  type Result,
} from "@fio/contracts";
import type { Ingest } from "../../../ingest.ts";
import type { ReadApi } from "../read-api.ts";
import { Unavailable } from "../../../unavailable.ts";

/** As much of Fio's law as a sender meets, in memory: one by one, in the order in which events are posted. */
export function createSmallFio({ failsAfter = () => false }: { failsAfter?: () => boolean } = {}) {
  const conversations = new Map<
    string,
    { created: PostedEvent; closed: boolean; messages: Map<string, string> }
  >();
  const home = new Map<string, string>();
  const refusals = new Map<string, EventOutcome>();
  const resolved = new Map<Receipt, string>();
  const people = new Map<string, Set<string>>();
  const names = new Map<string, string>();
  const buried = new Set<string>();
  const buriedMessages = new Set<string>();
  let receipts = 0;

  const groupOf = (id: string): Set<string> => people.get(id) ?? new Set([id]);
  const join = (id: string, other: string): void => {
    const group = new Set([...groupOf(id), ...groupOf(other)]);
    for (const one of group) people.set(one, group);
  };
  const takeMessage = (
    event: Extract<PostedEvent, { type: "NEW_MESSAGE" }>,
  ): ProblemCode | "duplicate" | null => {
    const { id, conversation_id: into, content } = event.data;
    if (buried.has(into) || buriedMessages.has(id)) {
      buriedMessages.add(id);
      return "CONVERSATION_ERASED";
    }
    const conversation = conversations.get(into);
    if (conversation?.messages.get(id) === content) return "duplicate";
    if (home.has(id)) return "MESSAGE_ID_CONFLICT";
    if (conversation === undefined) return "CONVERSATION_NOT_FOUND";
    if (conversation.closed) return "CONVERSATION_CLOSED";
    conversation.messages.set(id, content);
    home.set(id, into);
    return null;
  };
  const take = (event: PostedEvent, receipt: Receipt): ProblemCode | "duplicate" | null => {
    switch (event.type) {
      case "NEW_CONVERSATION": {
        if (buried.has(event.data.id)) return "CONVERSATION_ERASED";
        const known = conversations.get(event.data.id);
        if (known !== undefined) {
          return JSON.stringify(known.created) === JSON.stringify(event)
            ? "duplicate"
            : "CONVERSATION_ALREADY_EXISTS";
        }
        conversations.set(event.data.id, { created: event, closed: false, messages: new Map() });
        const { id = "", name } = event.data.contact ?? {};
        if (!people.has(id)) people.set(id, new Set([id]));
        if (typeof name === "string") names.set(id, name);
        return null;
      }
      case "NEW_MESSAGE": {
        const outcome = takeMessage(event);
        if (outcome === "CONVERSATION_CLOSED") {
          const { id, conversation_id } = event.data;
          const reason = outcome;
          refusals.set(id, { type: event.type, id, outcome: "rejected", reason, receipt, conversation_id });
        }
        return outcome;
      }
      case "UPDATE_CONTACT": {
        join(event.data.id, event.data.formerly ?? event.data.id);
        if (typeof event.data.name === "string") names.set(event.data.id, event.data.name);
        return null;
      }
      case "RESOLVE_REJECTION":
        if (event.data.how === "carried") resolved.set(event.data.receipt, event.data.carried_to);
        return null;
      case "CLOSE_CONVERSATION": {
        const conversation = conversations.get(event.data.id);
        if (conversation !== undefined) conversation.closed = true;
        return null;
      }
      case "ASSIGN_CONVERSATION":
      case "MESSAGE_STATUS":
        return null;
    }
  };
  const post = (events: readonly PostedEvent[]): Result[] => {
    const results = events.map((event): Result => {
      const receipt = receiptOf((receipts += 1));
      const outcome = take(event, receipt);
      if (outcome === null) return { status: "applied", receipt };
      if (outcome === "duplicate") return { status: "duplicate", receipt };
      return { status: "rejected", receipt, problem: problemOf(outcome, { receipt }) };
    });
    if (failsAfter()) throw new Unavailable("the answer was lost");
    return results;
  };
  const row = (id: string): ConversationRow => {
    const known = conversations.get(id);
    return {
      ...({ id, created_at: known?.created.timestamp } as ConversationRow),
      state: known?.closed === true ? "CLOSED" : "OPEN",
    };
  };
  const contact = (channel: string, id: string): Contact | null => {
    if (!people.has(id)) return null;
    const group = groupOf(id);
    const theirs = [...conversations].filter(
      ([, { created }]) => created.type === "NEW_CONVERSATION" && group.has(created.data.contact?.id ?? ""),
    );
    return {
      ...{ channel, id, phone: null, version: 1 },
      name: [...group].map((one) => names.get(one)).find((name) => name !== undefined) ?? null,
      also: [...group].filter((one) => one !== id).map((one) => ({ channel, id: one })),
      conversations: theirs.map(([one]) => row(one)),
    };
  };
  const ingest: Ingest = {
    settle: (events) => Promise.resolve().then(() => post(events)),
    tell: (events) => Promise.resolve().then(() => (post(events), true)),
  };
  const api: ReadApi = {
    contact: (channel, id) => Promise.resolve(contact(channel, id)),
    fateOf: (id) => {
      if (buriedMessages.has(id)) return Promise.resolve({ type: "NEW_MESSAGE", id, outcome: "erased" });
      const conversation_id = home.get(id);
      const applied: EventOutcome | null =
        conversation_id === undefined
          ? null
          : { type: "NEW_MESSAGE", id, outcome: "applied", receipt: receiptOf(0), conversation_id };
      return Promise.resolve(applied ?? refusals.get(id) ?? null);
    },
  };
  return {
    ingest,
    api,
    /** As an agent does it. */
    closeAll: () => {
      const timestamp = timestampOf(Date.parse("2026-01-01T00:00:00Z"));
      for (const id of conversations.keys())
        take({ type: "CLOSE_CONVERSATION", timestamp, data: { id } }, receiptOf(0));
    },
    /** All that there is, with what is known of people. */
    eraseAll: () => {
      for (const id of conversations.keys()) buried.add(id);
      for (const id of home.keys()) buriedMessages.add(id);
      for (const held of [conversations, home, refusals, people, names]) held.clear();
    },
    /** Of each conversation its messages, whatever their order. */
    state: () =>
      [...conversations]
        .map(([id, { messages }]) => [
          id,
          ...[...messages].map(([one, content]) => `${one} ${content}`).sort(),
        ])
        .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)),
    conversations: () => [...conversations.keys()],
    unresolved: () => [...refusals.values()].filter(({ receipt }) => !resolved.has(receipt)),
  };
}
