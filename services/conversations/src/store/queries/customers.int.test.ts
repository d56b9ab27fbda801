import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactKeyOf, receiptOf, type AcceptedEvent, type AcceptedUpdate } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { unfinishedCustomers } from "../erased-contacts.ts";
import { buryCustomer } from "../forget-customer.ts";
import { apply, migratedStore, storyOf, told } from "../testing/fixture.ts";
import { MOST_CUSTOMERS, conversationsOfContacts, findCustomers, updatesOfContact } from "./customers.ts";
import { statementsOf, stepsOf } from "../testing/statements.ts";

const MANY = 6_000;
const CHANNEL = "whatsapp:551140001234";
/** So many customers have this number: somebody put the office's own there. */
const COMMON = "+55 11 95555-5555";
const OVERDUE = receiptOf(9_000_000_000_000_000);
/** Who has half of all conversations. */
const BUSY = contactKeyOf({ channel: CHANNEL, id: "customer 0" });

type Said = { id: string; name?: string; phone?: string; formerly?: string };
const createdFor = (story: ReturnType<typeof storyOf>, contact: Said): AcceptedEvent => {
  const { event, ...rest } = story.created(1);
  const data = { ...event.data, contact: { channel: CHANNEL, ...contact } };
  return { ...rest, event: { ...event, data } } as AcceptedEvent;
};
const updated = (story: ReturnType<typeof storyOf>, receipt: number, said: Said): AcceptedUpdate => ({
  receipt: story.under(receipt),
  event: { type: "UPDATE_CONTACT", timestamp: story.at(1), data: { channel: CHANNEL, ...said } },
});

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    const contacts = Array.from({ length: MANY }, (_, index) => {
      const id = `customer ${index}`;
      const key = contactKeyOf({ channel: CHANNEL, id });
      return { key, channel: CHANNEL, id, person: key, name: "Ana", phone: COMMON, version: 1 };
    });
    await store.write.batchInsert("contacts", contacts, 100);
    const terms = contacts.flatMap(({ key }) =>
      ["+11955555555", "+5511955555555"].map((term) => ({ term, contact: key })),
    );
    await store.write.batchInsert("contact_terms", terms, 100);
    const conversations = contacts.map(({ key }, index) => ({
      ...{ id: randomUUID(), state: "OPEN", version: 1, message_count: 0, handle: 0 },
      ...{ activity_at: "2025-02-21T10:20:41.349308Z", contact_key: index % 2 === 0 ? BUSY : key },
    }));
    await store.write.batchInsert("conversations", conversations, 50);
    const hashes = Array.from({ length: MANY }, () => ({ hash: randomUUID(), up_to: 1 }));
    await store.write.batchInsert("erased_contacts", hashes, 100);
    await store.write.raw("analyze");
  });
  afterAll(() => remove());

  const found = async (asked: string) =>
    (await findCustomers(store.read, asked)).map(({ contacts }) => contacts.map(({ id }) => id).toSorted());

  test("a customer is found by each id, by their key and by their number, however it is written", async () => {
    const story = storyOf();
    const [rui, bsuid] = ["5551998765432", "BR.99"];
    await apply(store, createdFor(story, { id: rui, name: "Rui", phone: "+55 51 99876-5432" }));
    await apply(store, updated(story, 2, { id: bsuid, formerly: rui }));
    const key = contactKeyOf({ channel: CHANNEL, id: bsuid });
    const written = [
      "51 99876-5432",
      "(51) 9876-5432",
      "+55 51 9876 5432",
      "051998765432",
      "0055 51 99876-5432",
    ];
    for (const asked of [rui, bsuid, key, key.toUpperCase(), ...written])
      expect([asked, await found(asked)]).toEqual([asked, [[rui, bsuid]]]);
    for (const asked of ["+351 51 99876-5432", "9876-5432", "+55 52 99876-5432", randomUUID(), "Rui", ""])
      expect([asked, await found(asked)]).toEqual([asked, []]);
  });

  test("by an id that is a number without the ninth digit, and by no phone, they are found too", async () => {
    await apply(store, createdFor(storyOf(), { id: "558598761234" }));
    expect(await found("+55 85 99876-1234")).toEqual([["558598761234"]]);
  });

  test("two who share a number are two, and of very many some are told", async () => {
    await apply(store, createdFor(storyOf(), { id: "a", phone: "21 98888-7777" }));
    await apply(store, createdFor(storyOf(), { id: "b", phone: "+55 21 8888-7777" }));
    expect((await found("(21) 98888-7777")).toSorted()).toEqual([["a"], ["b"]]);
    expect(await found(COMMON)).toHaveLength(MOST_CUSTOMERS + 1);
  });

  test("one who never had a conversation is forgotten, and what is said of them later is erased", async () => {
    const story = storyOf();
    const said = updated(story, 1, { id: "quiet", name: "Zebrina", phone: "+55 31 97777-6666" });
    await apply(store, said);
    const [customer] = await findCustomers(store.read, "31 97777-6666");
    const keys = customer!.contacts.map(({ key }) => key);
    expect(await updatesOfContact(store.read, { key: keys[0]!, overdue: OVERDUE })).toMatchObject([
      { event: said.event, outcome: "applied" },
    ]);
    expect(await buryCustomer(store, keys)).toBe(true);
    expect(await found("quiet")).toEqual([]);
    expect(await unfinishedCustomers({ dialect: store.dialect, knex: store.write })).toHaveLength(1);
    const again = updated(story, 2, { id: "quiet", name: "Zebrina" });
    expect(told(await apply(store, again), again)).toEqual(["erased"]);
    const own = storyOf();
    await apply(store, createdFor(own, { id: "quiet" }));
    expect(await buryCustomer(store, keys)).toBe(false);
    expect(await found("quiet")).toEqual([["quiet"]]);
  });

  test.each<[string, number, (store: Store) => Promise<unknown>]>([
    ["a customer by an id", 10, ({ read }) => findCustomers(read, "customer 17")],
    ["a customer by their key", 10, ({ read }) => findCustomers(read, BUSY)],
    ["a number of nobody", 10, ({ read }) => findCustomers(read, "+55 11 91111-2222")],
    ["a number of thousands", 4 * MOST_CUSTOMERS, ({ read }) => findCustomers(read, COMMON)],
    [
      "some conversations of who has thousands",
      100,
      ({ read }) => conversationsOfContacts(read, { contacts: [BUSY], limit: 100 }),
    ],
    [
      "what was said of a customer",
      10,
      ({ read }) => updatesOfContact(read, { key: BUSY, overdue: OVERDUE }),
    ],
    [
      "whose erasure is not finished",
      10,
      ({ dialect, write }) => unfinishedCustomers({ dialect, knex: write }),
    ],
  ])("%s is found by indexes, however much there is", async (_what, most, read) => {
    const asked = await statementsOf([store.read, store.write], () => read(store));
    expect(asked.length).toBeGreaterThan(0);
    for (const { sql, bindings } of asked) {
      if (store.dialect === "sqlite") {
        const steps = await store.read.raw<Array<{ detail: string }>>(`explain query plan ${sql}`, bindings);
        const scanned = steps.filter(({ detail }) =>
          /^SCAN (?!erased_contacts USING (COVERING )?INDEX erased_contacts_unfinished|json_each)/.test(
            detail,
          ),
        );
        expect([sql, scanned]).toEqual([sql, []]);
        continue;
      }
      for (const node of await stepsOf(store.read, { sql, bindings })) {
        expect([sql, node["Node Type"]]).not.toEqual([sql, "Seq Scan"]);
        const looked = node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0);
        expect([sql, looked * node["Actual Loops"] <= most]).toEqual([sql, true]);
      }
    }
  });
});
