import { randomUUID } from "node:crypto";
import { timestampOf } from "@fio/contracts";
import { NO_KINDS, type Kinds, type Load } from "./load.ts";

/** The body of one request, and what is in it. */
export type Request = { body: string; kinds: Kinds };

const TEXT = "Olá! Gostaria de saber o prazo de entrega do meu pedido, por favor. Obrigado.";
/** What a conversation of the mixed traffic has between its creation and its close. */
const MESSAGES = 8;

/** The requests of one connection: nothing in it waits for what another connection sends. */
export function traffic({ traffic: kind, conversations, events }: Load): () => Request {
  return kind === "mixed" ? stories() : messagesTo(conversations, events);
}

function messagesTo(conversations: readonly string[], count: number): () => Request {
  const one = (): string =>
    message(conversations[Math.floor(Math.random() * conversations.length)] ?? "", Math.random() < 1 / 3);
  const kinds = { ...NO_KINDS, messages: count };
  if (count === 1) return () => ({ body: one(), kinds });
  return () => ({ body: `[${Array.from({ length: count }, one).join(",")}]`, kinds });
}

function stories(): () => Request {
  let [id, step] = [randomUUID() as string, 0];
  return () => {
    step += 1;
    if (step === 1) return { body: creation(id), kinds: { ...NO_KINDS, created: 1 } };
    if (step <= MESSAGES + 1) {
      return { body: message(id, step % 3 === 0), kinds: { ...NO_KINDS, messages: 1 } };
    }
    const body = `{"type":"CLOSE_CONVERSATION","timestamp":"${now()}","data":{"id":"${id}"}}`;
    [id, step] = [randomUUID(), 0];
    return { body, kinds: { ...NO_KINDS, closed: 1 } };
  };
}

export const creation = (id: string): string =>
  `{"type":"NEW_CONVERSATION","timestamp":"${now()}","data":{"id":"${id}"}}`;

/** Written by hand: what the generator spends is missing elsewhere. */
export const message = (conversation: string, isAnswer: boolean, id: string = randomUUID()): string =>
  `{"type":"NEW_MESSAGE","timestamp":"${now()}","data":{"id":"${id}","direction":"${isAnswer ? "SENT" : "RECEIVED"}",` +
  `"content":"${TEXT}","conversation_id":"${conversation}"}}`;

let [writtenAt, written] = [0, ""];

/** To the millisecond, written once in it. */
function now(): string {
  const at = Date.now();
  if (at !== writtenAt) [writtenAt, written] = [at, timestampOf(at)];
  return written;
}
