import { randomUUID } from "node:crypto";
import { customer } from "./customers.ts";
import { phrase, type Random } from "./phrases.ts";

export type Kind = "in time" | "again" | "ahead" | "late" | "refused";

export type StoryEvent = {
  type: "NEW_CONVERSATION" | "NEW_MESSAGE" | "CLOSE_CONVERSATION" | "MESSAGE_STATUS" | "UPDATE_CONTACT";
  data: Record<string, string | Record<string, string>>;
};

/** An event of a conversation: when it happens, when it is posted (milliseconds from the beginning), and why then. */
export type Delivery = { happens: number; posts: number; kind: Kind; event: StoryEvent };

/** About how many deliveries a story has, to reach a rate. */
export const DELIVERIES_PER_STORY = 30;

/**
 * One customer's conversation as the network delivers it: mostly in order, with everything that goes wrong in
 * practice.
 */
export function story(random: Random): Delivery[] {
  const conversation = randomUUID();
  const planned = plan(conversation, random);
  return planned.flatMap((delivery) => mishaps(delivery, random)).sort((a, b) => a.posts - b.posts);
}

function plan(conversation: string, random: Random): Delivery[] {
  const deliveries: Delivery[] = [];
  let clock = 0;
  const add = (event: StoryEvent, kind: Kind = "in time", at = clock): void => {
    deliveries.push({ happens: at, posts: at, kind, event });
  };
  const say = (direction: "RECEIVED" | "SENT", index: number, kind?: Kind): void => {
    const id = randomUUID();
    const content = phrase(direction, index, random);
    add({ type: "NEW_MESSAGE", data: { id, direction, content, conversation_id: conversation } }, kind);
    if (direction === "SENT") for (const [status, after] of fate(random)) tell(id, status, clock + after);
  };
  const tell = (message: string, status: string, at: number): void => {
    const detail: Record<string, string> = status === "FAILED" ? { detail: "131026" } : {};
    const data = { message_id: message, conversation_id: conversation, status, ...detail };
    add({ type: "MESSAGE_STATUS", data }, "in time", at);
  };

  const contact = customer(random);
  const isKnown = random() < 0.8;
  add({ type: "NEW_CONVERSATION", data: isKnown ? { id: conversation, contact } : { id: conversation } });
  // Some say later how they are called.
  if (isKnown && random() < 0.1) {
    clock += 100;
    const { name, ...named } = contact;
    add({ type: "UPDATE_CONTACT", data: { ...named, name: `${name} (família)` } });
  }
  const turns = 3 + Math.floor(random() * 4);
  let said = 0;
  for (let turn = 0; turn < turns; turn++) {
    // People write in bursts: several short lines, then a pause.
    const burst = 1 + Math.floor(random() * 3);
    for (let line = 0; line < burst; line++) {
      clock += 150 + random() * 900;
      say("RECEIVED", said++);
    }
    clock += 1_500 + random() * 5_000;
    say("SENT", said++);
  }
  if (random() < 0.75) {
    clock += 2_000 + random() * 4_000;
    add({ type: "CLOSE_CONVERSATION", data: { id: conversation } });
    clock += 1_000 + random() * 2_000;
    if (random() < 0.3) say("RECEIVED", said, "refused");
  }
  return deliveries;
}

/** What the customer's phone tells of a message, and how many milliseconds after it was sent. */
function fate(random: Random): Array<[status: string, after: number]> {
  const sent = 200 + random() * 800;
  if (random() < 0.04) return [["FAILED", sent]];
  const delivered = sent + 300 + random() * 2_000;
  const read = delivered + 500 + random() * 8_000;
  return [
    ["SENT", sent],
    ["DELIVERED", delivered],
    ...(random() < 0.8 ? [["READ", read] as [string, number]] : []),
  ];
}

function mishaps(delivery: Delivery, random: Random): Delivery[] {
  const { event, posts } = delivery;
  const chance = random();
  if (event.type === "NEW_CONVERSATION") {
    // Its first messages overtake it.
    return chance < 0.2
      ? [{ ...delivery, posts: posts + 500 + random() * 2_500, kind: "ahead" }]
      : [delivery];
  }
  if (delivery.kind === "refused") return [delivery];
  if (chance < 0.08) return [delivery, { ...delivery, posts: posts + random() * 3_000, kind: "again" }];
  if (event.type === "NEW_MESSAGE" && chance < 0.14) {
    return [{ ...delivery, posts: posts + 1_000 + random() * 6_000, kind: "late" }];
  }
  return [delivery];
}
