import { conversationIdOf, idOf, webhookEvent, type WebhookEvent } from "@fio/contracts";
import { expect, test } from "vitest";
import { webhookBody } from "../rivals/support/events.ts";
import { NO_KINDS, plus, total, type Load } from "./load.ts";
import { traffic, type Request } from "./traffic.ts";

const conversations = ["6a41b347-8d80-4ce9-84ba-7af66f369f6a", "0b51b347-8d80-4ce9-84ba-7af66f369f6b"];
const load: Load = {
  url: "",
  connections: 1,
  events: 1,
  traffic: "messages",
  conversations,
  seconds: 1,
  most: 1,
};

const eventsOf = ({ body }: Request): WebhookEvent[] =>
  [JSON.parse(body) as unknown].flat().map((event) => webhookEvent.parse(event));

test.each([1, 10, 1_000])("sends %d valid events in a request, and counts them", (events) => {
  const next = traffic({ ...load, events });
  const [first, second] = [next(), next()];
  const sent = [first, second].flatMap(eventsOf);
  expect(total(plus(first.kinds, second.kinds))).toBe(2 * events);
  expect(sent).toHaveLength(2 * events);
  expect(new Set(sent.map(idOf)).size).toBe(2 * events);
  expect(
    sent.every((event) => event.type === "NEW_MESSAGE" && conversations.includes(event.data.conversation_id)),
  ).toBe(true);
  expect(Array.isArray(JSON.parse(first.body))).toBe(events > 1);
  // Rivals check for themselves.
  expect(webhookBody.safeParse(JSON.parse(first.body)).success).toBe(true);
});

test("mixed traffic is one conversation after another, from its creation to its close", () => {
  const next = traffic({ ...load, traffic: "mixed" });
  const requests = Array.from({ length: 20 }, next);
  const types = requests.flatMap(eventsOf).map(({ type }) => type);
  const story = ["NEW_CONVERSATION", ...Array<string>(8).fill("NEW_MESSAGE"), "CLOSE_CONVERSATION"];
  expect(types).toEqual([...story, ...story]);
  const ids = requests.flatMap(eventsOf).map(conversationIdOf);
  expect(new Set(ids.slice(0, 10)).size).toBe(1);
  expect(new Set(ids).size).toBe(2);
  expect(requests.map(({ kinds }) => kinds).reduce(plus, NO_KINDS)).toEqual({
    created: 2,
    messages: 16,
    closed: 2,
  });
});
