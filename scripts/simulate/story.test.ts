import { expect, test } from "vitest";
import { conversationIdOf, postedEvent } from "@fio/contracts";
import { story, type Delivery } from "./story.ts";

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const stories: Delivery[][] = Array.from({ length: 300 }, (_, seed) => story(seeded(seed)));

test("every event of every story is one that ingest takes, about one conversation", () => {
  for (const deliveries of stories) {
    const events = deliveries.map(({ event }) =>
      postedEvent.parse({ ...event, timestamp: "2025-02-21T10:20:41.349308" }),
    );
    const ofConversation = events.filter(({ type }) => type !== "UPDATE_CONTACT");
    expect(new Set(ofConversation.map(conversationIdOf)).size).toBe(1);
  }
});

test("deliveries are in the order in which they are posted, none before it happened", () => {
  for (const deliveries of stories) {
    expect(deliveries.map(({ posts }) => posts)).toEqual(
      deliveries.map(({ posts }) => posts).toSorted((a, b) => a - b),
    );
    for (const { happens, posts } of deliveries) expect(posts).toBeGreaterThanOrEqual(happens);
  }
});

test("all that goes wrong in life is in them: repetitions, late ones, messages ahead, messages after the close", () => {
  const kinds = new Set(stories.flat().map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["in time", "again", "ahead", "late", "refused"]));
});
