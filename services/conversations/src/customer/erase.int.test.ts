import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactKeyOf, type AcceptedEvent, type AcceptedUpdate } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { apply, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { erase } from "./erase.ts";

const ROUNDS = 15;
const CHANNEL = "whatsapp:551140001234";
const WORD = "Zebrina";

type Story = ReturnType<typeof storyOf>;
const createdFor = (story: Story, contact: { id: string; name?: string }): AcceptedEvent => {
  const { event, ...rest } = story.created(1);
  const data = { ...event.data, contact: { channel: CHANNEL, ...contact } };
  return { ...rest, event: { ...event, data } } as AcceptedEvent;
};
const renamed = (story: Story, receipt: number, id: string): AcceptedUpdate => ({
  receipt: story.under(receipt),
  event: {
    type: "UPDATE_CONTACT",
    timestamp: story.at(receipt % 60),
    data: { channel: CHANNEL, id, name: `${WORD} ${receipt}` },
  },
});

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const busy = async (work: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (!/locked|busy/i.test(String(error))) throw error;
      }
    }
  };

  test(
    `whatever is applied while a customer is erased is theirs and gone, or somebody new's, in ${ROUNDS} rounds`,
    { timeout: 120_000 },
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = randomUUID();
        const key = contactKeyOf({ channel: CHANNEL, id });
        const own = Array.from({ length: 3 }, () => storyOf());
        for (const story of own) {
          await apply(store, createdFor(story, { id, name: WORD }));
          await apply(store, story.message(2, { content: WORD }));
        }
        const meanwhile = Array.from({ length: 6 }, () => storyOf());
        await Promise.all([
          ...meanwhile.map((story, index) =>
            busy(() =>
              apply(
                store,
                index % 2 === 0 ? createdFor(story, { id, name: "Nova" }) : renamed(story, index, id),
              ),
            ),
          ),
          erase({ store, partitions: [], customers: [[key]], now: Date.now, announceMs: 0 }),
        ]);
        const tables = [
          "contacts",
          "contact_sayings",
          "contact_terms",
          "conversations",
          "messages",
          "outbox",
        ];
        const rows = await Promise.all(tables.map((table) => store.write(table).select()));
        expect(rows.flat().filter((row) => JSON.stringify(row).toLowerCase().includes("zebrina"))).toEqual(
          [],
        );
        const buried = await store.write("tombstones").pluck<string[]>("conversation_id");
        const left = await store.write("conversations").where({ contact_key: key }).pluck<string[]>("id");
        expect(own.every((story) => buried.includes(story.id))).toBe(true);
        const created = meanwhile.filter((_, index) => index % 2 === 0).map((story) => story.id);
        expect([...left, ...buried.filter((one) => created.includes(one))].toSorted()).toEqual(
          created.toSorted(),
        );
        const known = await store.write("contacts").where({ key }).pluck<string[]>("name");
        expect(known).toEqual(left.length === 0 ? [] : ["Nova"]);
      }
    },
  );
});
