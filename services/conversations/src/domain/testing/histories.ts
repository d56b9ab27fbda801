import {
  receiptOf,
  type AcceptedEvent,
  type Author,
  type ContactSaid,
  type Media,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import fc from "fast-check";

// Small pools find far more than large ones: in a dozen events everything meets everything.
export const CONVERSATIONS = ["6a41b347-8d80-4ce9-84ba-7af66f369f6a", "b0e5c3c2-11d8-4d0e-9d3a-2f6f1a0c7e11"];
const MESSAGES = ["49108c71-4dca-4af3-9f32-61bc745926e2", "16b63b04-60de-4257-b1a1-20a5154abc6d"];
const TIMESTAMPS = ["2025-02-21T10:20:41.349308Z", "2025-02-21T10:20:41.349309Z"] as Timestamp[];

/** Mostly none; two under one name, and one under two. */
const AUTHOR: fc.Arbitrary<Author | undefined> = fc.oneof(
  { weight: 7, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom({ id: "ana", name: "Ana" }, { id: "ana", name: "Ana Lima" }) },
  { weight: 1, arbitrary: fc.constant({ id: "lia", name: "Ana" }) },
);

/** Mostly none; one file at two addresses, and one of no address. */
const MEDIA: fc.Arbitrary<Media | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Media>(
      { kind: "image", url: "https://files.example.com/1" },
      { kind: "image", url: "https://files.example.com/2" },
      { kind: "image" },
    ),
  },
);

/** Few, so that one is given twice and given back; one under two names. */
const AGENT: fc.Arbitrary<Author | null> = fc.constantFrom(
  null,
  { id: "ana", name: "Ana" },
  { id: "ana", name: "Ana Lima" },
  { id: "lia", name: "Lia" },
);

/** Mostly none; one under two names, and another. */
const CONTACT: fc.Arbitrary<ContactSaid | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { channel: "loja", id: "1", name: "Ana" },
      { channel: "loja", id: "1", name: "Ana Lima" },
      { channel: "loja", id: "2", name: "Ana" },
      { channel: "filial", id: "1", name: null },
    ),
  },
);

/** Events of up to `conversations` (1 or 2) conversations that share their message ids. */
export function webhookEvents(conversations: number): fc.Arbitrary<WebhookEvent> {
  const conversation = fc.constantFrom(...CONVERSATIONS.slice(0, conversations));
  const timestamp = fc.constantFrom(...TIMESTAMPS);
  const creation = fc.record({
    type: fc.constant("NEW_CONVERSATION" as const),
    timestamp,
    data: fc
      .record({ id: conversation, contact: CONTACT })
      .map(({ id, contact }) => (contact === undefined ? { id } : { id, contact })),
  });
  const close = fc.record({
    type: fc.constant("CLOSE_CONVERSATION" as const),
    timestamp,
    data: fc.record({ id: conversation }),
  });
  const message = fc.record({
    type: fc.constant("NEW_MESSAGE" as const),
    timestamp,
    data: fc
      .record({
        id: fc.constantFrom(...MESSAGES),
        direction: fc.constantFrom("RECEIVED" as const, "SENT" as const),
        content: fc.constantFrom("Olá", "Oi"),
        conversation_id: conversation,
        author: AUTHOR,
        media: MEDIA,
      })
      // As it is parsed: no key where there is none.
      .map(({ author, media, ...data }) => ({
        ...data,
        ...(author === undefined ? {} : { author }),
        ...(media === undefined ? {} : { media }),
      })),
  });
  const status = fc.record({
    type: fc.constant("MESSAGE_STATUS" as const),
    timestamp,
    data: fc
      .record({
        message_id: fc.constantFrom(...MESSAGES),
        conversation_id: conversation,
        status: fc.constantFrom("SENT" as const, "FAILED" as const, "READ" as const),
        detail: fc.constantFrom(undefined, "131047"),
      })
      .map(({ detail, ...data }) => (detail === undefined ? data : { ...data, detail })),
  });
  const assignment = fc.record({
    type: fc.constant("ASSIGN_CONVERSATION" as const),
    timestamp,
    data: fc.record({ id: conversation, agent: AGENT }),
  });
  return fc.oneof(
    { weight: 3, arbitrary: status },
    { weight: 2, arbitrary: assignment },
    { weight: 2, arbitrary: creation },
    { weight: 2, arbitrary: close },
    { weight: 4, arbitrary: message },
  );
}

/** What the fleet accepted, in the order of its receipts. */
export function histories(conversations: number): fc.Arbitrary<AcceptedEvent[]> {
  return fc
    .array(webhookEvents(conversations), { minLength: 1, maxLength: 12 })
    .map((events) =>
      events.map((event, index) => ({ receipt: receiptOf(1_740_133_242_000_000 + index), event })),
    );
}

export const deliveries = (conversations: number): fc.Arbitrary<AcceptedEvent[][]> =>
  cutAnywhere(histories(conversations));

/**
 * A history as workers may meet it: in any order, cut into batches anywhere, some batches processed again later
 * (a crash after the commit), some events twice in one batch.
 */
export function cutAnywhere<Event>(histories: fc.Arbitrary<Event[]>): fc.Arbitrary<Event[][]> {
  return histories.chain((history) =>
    fc
      .record({
        order: fc.shuffledSubarray(history, { minLength: history.length, maxLength: history.length }),
        cuts: fc.array(fc.integer({ min: 1, max: 5 }), {
          minLength: history.length,
          maxLength: history.length,
        }),
        again: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
      })
      .map(({ order, cuts, again }) => {
        const batches: Event[][] = [];
        const rest = [...order];
        for (const cut of cuts) if (rest.length > 0) batches.push(rest.splice(0, cut));
        return [...batches, ...again.map((index) => batches[index % batches.length] ?? [])];
      }),
  );
}
