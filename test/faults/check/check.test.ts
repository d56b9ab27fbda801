import {
  contactKeyOf,
  receiptOf,
  type AcceptedEvent,
  type AcceptedUpdate,
  type ContactUpdate,
  type Receipt,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import { expect, test } from "vitest";
import { contentKey, type Acknowledged, type AcceptedSent, type SentEvent } from "../load/journal.ts";
import type { ListColumns, Snapshot, StoredContact } from "../rig/store/snapshot.ts";
import { check } from "./check.ts";

const AT = "2025-02-21T10:20:41.349308Z" as Timestamp;
const [HERE, THERE, TEXT] = ["c1", "c2", "m1"];
const creation = (id = HERE): WebhookEvent => ({ type: "NEW_CONVERSATION", timestamp: AT, data: { id } });
const message = (content = "Olá", conversation_id = HERE): WebhookEvent => ({
  type: "NEW_MESSAGE",
  timestamp: AT,
  data: { id: TEXT, direction: "SENT", content, conversation_id },
});
/** A minute after the events were made, in microseconds. */
const RECEIVED_FROM = 1_740_133_301_349_308;
const under = <Event extends SentEvent>(
  receipt: number,
  event: Event,
): { receipt: Receipt; event: Event } => ({
  receipt: receiptOf(RECEIVED_FROM + receipt),
  event,
});
const answered = (...events: AcceptedSent[]): Acknowledged[] =>
  events.map((accepted) => ({
    ...accepted,
    sentAt: Number(accepted.receipt),
    answeredAt: Number(accepted.receipt) + 0.5,
  }));
const list = (columns: Partial<ListColumns> = {}): ListColumns => ({
  state: "OPEN",
  message_count: 1,
  last_message_at: AT,
  last_message_direction: "SENT",
  waiting_since: null,
  ...columns,
});
const store = (parts: Partial<Snapshot>): Snapshot => ({
  applied: [],
  kept: [],
  lists: new Map([[HERE, list()]]),
  states: new Map(),
  updates: [],
  contacts: new Map(),
  unannounced: 0,
  ...parts,
});
const nothing = { unsure: new Map<string, number>(), poisoned: new Set<string>() };
const well: string[] = [];
const verdictOf = (...given: Parameters<typeof check>): string[] => check(...given).map(({ kind }) => kind);

test("a store that holds what was accepted is right, and duplicates leave nothing behind", () => {
  const [created, sent, again] = [under(1, creation()), under(2, message()), under(3, message())];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent, again) },
    store({ applied: [created, sent] }),
  );
  expect(verdict).toEqual(well);
});

test("an accepted event that is nowhere is lost", () => {
  const [created, sent] = [under(1, creation()), under(2, message())];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent) },
    store({
      applied: [created],
      lists: new Map([
        [HERE, list({ message_count: 0, last_message_at: null, last_message_direction: null })],
      ]),
    }),
  );
  expect(verdict).toEqual(["lost"]);
});

test("a duplicate that was kept is doubled", () => {
  const [created, sent, again] = [under(1, creation()), under(2, message()), under(3, message())];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent, again) },
    store({ applied: [created, sent], kept: [{ ...again, reason: "MESSAGE_ID_CONFLICT" }] }),
  );
  expect(verdict).toEqual(["doubled"]);
});

test("the lower receipt is the one that counts, also when its answer was lost", () => {
  const [created, lower, higher] = [under(1, creation()), under(2, message()), under(3, message())];
  const unsure = new Map([[contentKey(lower.event), 1]]);
  const known = { ...nothing, unsure, acknowledged: answered(created, higher) };
  expect(verdictOf(known, store({ applied: [created, lower] }))).toEqual(well);

  const stale = { ...nothing, acknowledged: answered(created, lower, higher) };
  expect(verdictOf(stale, store({ applied: [created, higher] }))).toEqual(["wrong", "wrong"]);
});

test("a receipt that nobody was left waiting for was made up", () => {
  const [created, sent] = [under(1, creation()), under(2, message())];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created) },
    store({ applied: [created, sent] }),
  );
  expect(verdict).toEqual(["wrong"]);
});

test("a rejection under another reason is wrong", () => {
  const [created, sent, other] = [under(1, creation()), under(2, message()), under(3, message("Oi"))];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent, other) },
    store({ applied: [created, sent], kept: [{ ...other, reason: "CONVERSATION_CLOSED" }] }),
  );
  expect(verdict).toEqual(["wrong"]);
});

test("a customer who waits is in the list as such, and no other", () => {
  const asked: WebhookEvent = {
    ...message(),
    data: { id: TEXT, direction: "RECEIVED", content: "Olá", conversation_id: HERE },
  } as WebhookEvent;
  const [created, received] = [under(1, creation()), under(2, asked)];
  const told = (columns: Partial<ListColumns>): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(created, received) },
      store({
        applied: [created, received],
        lists: new Map([[HERE, list({ last_message_direction: "RECEIVED", ...columns })]]),
      }),
    );
  expect(told({ waiting_since: AT })).toEqual(well);
  expect(told({ waiting_since: null })).toEqual(["wrong"]);
});

test("who got an answer that did not reach the phone waits", () => {
  const asked = { ...message().data, id: "m0", direction: "RECEIVED" } as const;
  const failed = { message_id: TEXT, conversation_id: HERE, status: "FAILED" } as const;
  const events = [
    under(1, creation()),
    under(2, { type: "NEW_MESSAGE", timestamp: AT, data: asked } as WebhookEvent),
    under(3, message()),
    under(4, { type: "MESSAGE_STATUS", timestamp: AT, data: failed }),
  ];
  const told = (waiting_since: Timestamp | null): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(...events) },
      store({
        applied: events,
        lists: new Map([[HERE, list({ message_count: 2, waiting_since })]]),
        states: new Map([[`${HERE} ${TEXT}`, "FAILED"]]),
      }),
    );
  expect(told(AT)).toEqual(well);
  expect(told(null)).toEqual(["wrong"]);
});

const CUSTOMER = { channel: "w", id: "5511" };
const KEY = contactKeyOf(CUSTOMER);
const update = (data: Partial<ContactUpdate["data"]>): ContactUpdate => ({
  type: "UPDATE_CONTACT",
  timestamp: AT,
  data: { ...CUSTOMER, ...data },
});
const knownAs = (columns: Partial<StoredContact>): StoredContact => ({
  ...{ name: null, phone: null, person: KEY },
  ...columns,
});

test("a customer is called what was said under the greatest receipt, and an older name is wrong", () => {
  const called = (id: string, name: string): WebhookEvent => ({
    type: "NEW_CONVERSATION",
    timestamp: AT,
    data: { id, contact: { ...CUSTOMER, name } },
  });
  const events = [under(1, called(HERE, "Ana")), under(2, called(THERE, "Ana Prado"))];
  const empty = list({ message_count: 0, last_message_at: null, last_message_direction: null });
  const told = (name: string): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(...events) },
      store({
        applied: events,
        lists: new Map([HERE, THERE].map((id) => [id, empty])),
        contacts: new Map([[KEY, knownAs({ name })]]),
      }),
    );
  expect(told("Ana Prado")).toEqual(well);
  expect(told("Ana")).toEqual(["wrong"]);
});

test("of updates each field is what was said of it last, and a repetition says nothing anew", () => {
  const [named, renamed, phoned, again] = [
    under(1, update({ name: "Ana", phone: "1" })),
    under(2, update({ name: "Ana Prado" })),
    under(3, update({ phone: null })),
    under(4, update({ name: "Ana", phone: "1" })),
  ] as [AcceptedUpdate, AcceptedUpdate, AcceptedUpdate, AcceptedUpdate];
  const told = (columns: Partial<StoredContact>, updates = [named, renamed, phoned]): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(named, renamed, phoned, again) },
      store({ updates, lists: new Map(), contacts: new Map([[KEY, knownAs(columns)]]) }),
    );
  expect(told({ name: "Ana Prado" })).toEqual(well);
  expect(told({ name: "Ana" })).toEqual(["wrong"]);
  expect(told({ name: "Ana Prado", phone: "1" })).toEqual(["wrong"]);
  expect(told({ name: "Ana Prado" }, [named, renamed])).toEqual(["lost"]);
  expect(told({ name: "Ana Prado" }, [named, renamed, phoned, again])).toEqual(["doubled"]);
});

test("ids that an update joined are one person, of whom all is known under each", () => {
  const other = contactKeyOf({ ...CUSTOMER, id: "before" });
  const person = [KEY, other].toSorted()[0] ?? "";
  const updates = [under(1, update({ id: "before", name: "Ana" })), under(2, update({ formerly: "before" }))];
  const told = (own: Partial<StoredContact>): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(...updates) },
      store({
        updates,
        lists: new Map(),
        contacts: new Map([
          [KEY, { ...knownAs({ name: "Ana", person }), ...own }],
          [other, knownAs({ name: "Ana", person })],
        ]),
      }),
    );
  expect(told({})).toEqual(well);
  expect(told({ name: null })).toEqual(["wrong"]);
  expect(told({ person: "another" })).toEqual(["wrong"]);
});

test("INTERNAL_ERROR is right only for what was made to fail", () => {
  const [created, sent] = [under(1, creation()), under(2, message())];
  const snapshot = store({
    applied: [created],
    kept: [{ ...sent, reason: "INTERNAL_ERROR" }],
    lists: new Map([[HERE, list({ message_count: 0, last_message_at: null, last_message_direction: null })]]),
  });
  const acknowledged = answered(created, sent);
  expect(verdictOf({ ...nothing, acknowledged }, snapshot)).toEqual(["wrong"]);
  const poisoned = new Set([contentKey(sent.event)]);
  expect(verdictOf({ ...nothing, poisoned, acknowledged }, snapshot)).toEqual(well);
});

test("either of two conversations may keep a message id that both use", () => {
  const events = [
    under(1, creation()),
    under(2, creation(THERE)),
    under(3, message()),
    under(4, message("Olá", THERE)),
  ];
  const [here, there, mine, theirs] = events as [AcceptedEvent, AcceptedEvent, AcceptedEvent, AcceptedEvent];
  const empty = list({ message_count: 0, last_message_at: null, last_message_direction: null });
  const lists = new Map([
    [HERE, empty],
    [THERE, list()],
  ]);
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(...events) },
    store({ applied: [here, there, theirs], kept: [{ ...mine, reason: "MESSAGE_ID_CONFLICT" }], lists }),
  );
  expect(verdict).toEqual(well);
});

test("a receipt below one that had been answered before is wrong", () => {
  const [created, sent] = [under(5, creation()), under(4, message())];
  const acknowledged = [
    { ...created, sentAt: 1, answeredAt: 2 },
    { ...sent, sentAt: 3, answeredAt: 4 },
  ];
  const verdict = verdictOf({ ...nothing, acknowledged }, store({ applied: [created, sent] }));
  expect(verdict).toEqual(["wrong"]);
});

test("a count that differs from the messages is wrong", () => {
  const [created, sent] = [under(1, creation()), under(2, message())];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent) },
    store({ applied: [created, sent], lists: new Map([[HERE, list({ message_count: 2 })]]) }),
  );
  expect(verdict).toEqual(["wrong"]);
});

test("a receipt that was given to two answered events is repeated, and the one that is nowhere is lost", () => {
  const [created, sent, other] = [under(1, creation()), under(2, message()), under(2, message("Oi"))];
  const verdict = verdictOf(
    { ...nothing, acknowledged: answered(created, sent, other) },
    store({ applied: [created, sent] }),
  );
  expect(verdict).toContain("repeated");
  expect(verdict).toContain("lost");
});

test("a receipt is repeated, too, when the store holds an unanswered event under it", () => {
  const [created, unanswered, sent] = [under(1, creation()), under(2, message("Oi")), under(2, message())];
  const unsure = new Map([[contentKey(unanswered.event), 1]]);
  const known = { ...nothing, unsure, acknowledged: answered(created, sent) };
  expect(verdictOf(known, store({ applied: [created, unanswered] }))).toEqual(
    expect.arrayContaining(["repeated", "lost"]),
  );
});

test("a message that its statuses say was read is not delivered only", () => {
  const status = (is: "SENT" | "READ" | "FAILED", receipt: number): AcceptedEvent =>
    under(receipt, {
      type: "MESSAGE_STATUS",
      timestamp: AT,
      data: { message_id: TEXT, conversation_id: HERE, status: is },
    });
  const [created, sent] = [under(1, creation()), under(2, message())];
  const applied = [created, sent, status("READ", 3), status("SENT", 4)];
  const inState = (is: "SENT" | "READ"): string[] =>
    verdictOf(
      { ...nothing, acknowledged: answered(...applied) },
      store({ applied, states: new Map([[`${HERE} ${TEXT}`, is]]) }),
    );
  expect(inState("READ")).toEqual(well);
  expect(inState("SENT")).toEqual(["wrong"]);
});
