import { randomUUID } from "node:crypto";
import { timestampOf, type NewMessage, type Timestamp } from "@fio/contracts";
import { startSystem, type Role, type System } from "../../support/system.ts";
import { openBrowser, type Agents } from "./agents.ts";

/** Of customers on WhatsApp. */
export const CHANNEL = "whatsapp:551140001234";

/** The whole system, a Chromium, and the sender's side of it. */
export type App = {
  system: System;
  agents: Agents;
  /** Posts events and waits for their outcome. */
  post: (...events: object[]) => Promise<void>;
  /** A new conversation with these messages, `>` for sent, anything else received, a minute apart until now. */
  conversation: (...texts: string[]) => Promise<string>;
  /** A new conversation on WhatsApp with a customer, who has written this. */
  conversationWith: (contact: { id: string; name?: string; phone?: string }, text: string) => Promise<string>;
  end: () => Promise<void>;
};

/** `databaseUrl`: a store of its own, filled already; `roles`: conversations' processes, one that does all by default. */
export async function startApp({
  env = {},
  ...others
}: { env?: Record<string, string>; databaseUrl?: string; roles?: Role[] } = {}): Promise<App> {
  const system = await startSystem({ web: true, env, ...others });
  const agents = await openBrowser(system.webUrl).catch(async (error: unknown) => {
    await system.remove();
    throw error;
  });
  const post = async (...events: object[]): Promise<void> => {
    const answer = await fetch(`${system.ingestUrl}/webhook/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Prefer: "wait=20" },
      body: JSON.stringify(events),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  };
  return {
    system,
    agents,
    post,
    conversation: async (...texts) => {
      const id = randomUUID();
      const began = Date.now() - (texts.length + 1) * 60_000;
      await post(
        newConversation(id, timestampOf(began)),
        ...texts.map((text, index) =>
          newMessage(id, text.replace(/^>\s*/, ""), {
            direction: text.startsWith(">") ? "SENT" : "RECEIVED",
            timestamp: timestampOf(began + (index + 1) * 60_000),
          }),
        ),
      );
      return id;
    },
    conversationWith: async (contact, text) => {
      const id = randomUUID();
      await post(
        {
          type: "NEW_CONVERSATION",
          timestamp: now(),
          data: { id, contact: { channel: CHANNEL, ...contact } },
        },
        newMessage(id, text),
      );
      return id;
    },
    end: async () => {
      await agents.end();
      await system.remove();
    },
  };
}

const now = (): Timestamp => timestampOf(Date.now());

export const newConversation = (id: string, timestamp = now()): object => ({
  type: "NEW_CONVERSATION",
  timestamp,
  data: { id },
});

export const newMessage = (
  conversation: string,
  content: string,
  {
    id = randomUUID(),
    direction = "RECEIVED",
    timestamp = now(),
  }: { id?: string; direction?: "RECEIVED" | "SENT"; timestamp?: Timestamp } = {},
): NewMessage => ({
  type: "NEW_MESSAGE",
  timestamp,
  data: { id, direction, content, conversation_id: conversation },
});

export const closeConversation = (id: string, timestamp = now()): object => ({
  type: "CLOSE_CONVERSATION",
  timestamp,
  data: { id },
});
