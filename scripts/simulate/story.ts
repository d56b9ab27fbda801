import { randomUUID } from "node:crypto";
import { phrase, type Random } from "./phrases.ts";

export type Kind = "in time" | "again" | "ahead" | "late" | "refused";

export type StoryEvent = {
  type: "NEW_CONVERSATION" | "NEW_MESSAGE" | "CLOSE_CONVERSATION";
  data: Record<string, string>;
};

/** An event of a conversation: when it happens, when it is posted (milliseconds from the beginning), and why then. */
export type Delivery = { happens: number; posts: number; kind: Kind; event: StoryEvent };

/** About how many deliveries a story has, to reach a rate. */
export const DELIVERIES_PER_STORY = 13;

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
  const add = (event: StoryEvent, kind: Kind = "in time"): void => {
    deliveries.push({ happens: clock, posts: clock, kind, event });
  };
  const say = (direction: "RECEIVED" | "SENT", index: number, kind?: Kind): void =>
    add(
      {
        type: "NEW_MESSAGE",
        data: {
          id: randomUUID(),
          direction,
          content: phrase(direction, index, random),
          conversation_id: conversation,
        },
      },
      kind,
    );

  add({ type: "NEW_CONVERSATION", data: { id: conversation } });
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
