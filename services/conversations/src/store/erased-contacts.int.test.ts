import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  contactKeyOf,
  type AcceptedEvent,
  type AcceptedUpdate,
  type ContactUpdate,
  type JobEvent,
} from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { cutAnywhere } from "../domain/testing/histories.ts";
import { applyBatch, keepInternalError } from "./apply.ts";
import type { Store } from "./connect.ts";
import { buryConversation, eraseStep } from "./erase.ts";
import { SIDE_WRITES, apply, migratedStore, storyOf, told } from "./testing/fixture.ts";

const RUNS = 60;
const NOW = 1_800_000_000_000;
const CHANNEL = "whatsapp:551140001234";
const WORD = "Zebrina";

type Story = ReturnType<typeof storyOf>;
type Said = Omit<ContactUpdate["data"], "channel">;

const updated = (story: Story, receipt: number, said: Said): AcceptedUpdate => ({
  receipt: story.under(receipt),
  event: { type: "UPDATE_CONTACT", timestamp: story.at(receipt % 60), data: { channel: CHANNEL, ...said } },
});
const createdFor = (story: Story, receipt: number, contact: { id: string; name?: string }): AcceptedEvent => {
  const { event, ...rest } = story.created(receipt);
  return {
    ...rest,
    event: { ...event, data: { ...event.data, contact: { channel: CHANNEL, ...contact } } },
  } as AcceptedEvent;
};

/** Every row that tells of a name or a number, or of one of these ids. */
async function traces(store: Store, ids: readonly string[]): Promise<string[]> {
  const tables = ["contacts", "contact_sayings", "contact_terms", "unapplied_events", "conversations"];
  const rows = await Promise.all(tables.map((table) => store.write(table).select()));
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((row) => [WORD, ...ids].some((word) => row.toLowerCase().includes(word.toLowerCase())));
}

const erase = async (store: Store, { id }: Story, quietBelow?: JobEvent["receipt"]): Promise<void> => {
  await buryConversation(store, {
    conversation: id,
    now: NOW,
    ...(quietBelow === undefined ? {} : { quietBelow }),
  });
  while (await eraseStep(store, id));
};

/** What is said of a customer under two ids, before and after their erasure, in whatever order it is processed. */
const history = cutAnywhere(
  fc.array(
    fc.record({
      other: fc.boolean(),
      name: fc.constantFrom(undefined, null, WORD, `${WORD} Souza`),
      phone: fc.constantFrom(undefined, "+5511912345678"),
      joins: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
);

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  test(
    `whatever is said of an erased customer, of whatever receipt and in whatever order, brings nothing back, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(
        history,
        fc.nat({ max: 8 }),
        fc.boolean(),
        fc.boolean(),
        async (given, at, comesBack, first) => {
          const [gone, anew] = [storyOf(), storyOf()];
          const [id, other] = [randomUUID(), randomUUID()];
          const numbered = new Map<object, AcceptedUpdate>();
          const batches = given.map((batch) =>
            batch.map((one): AcceptedUpdate => {
              const known = numbered.get(one);
              if (known !== undefined) return known;
              const { name, phone, joins } = one;
              const said: Said = {
                id: one.other ? other : id,
                ...(name === undefined ? {} : { name }),
                ...(phone === undefined ? {} : { phone }),
                ...(joins ? { formerly: one.other ? id : other } : {}),
              };
              const made = updated(gone, 10 + numbered.size, said);
              numbered.set(one, made);
              return made;
            }),
          );
          // Both ids are one person's, and have a conversation.
          await apply(
            store,
            createdFor(gone, 1, { id, name: WORD }),
            updated(gone, 2, { id, formerly: other }),
          );
          const again = createdFor(anew, 1, { id, name: "Nova" });
          const comeBack = async (): Promise<unknown> => (comesBack ? apply(store, again) : null);
          for (const [index, events] of batches.entries()) {
            if (index === at) {
              await erase(store, gone);
              if (first) await comeBack();
            }
            const applied = await applyBatch(store, { ...SIDE_WRITES, events });
            if (index >= at) expect(new Set(told(applied, ...events))).toEqual(new Set(["erased"]));
          }
          if (batches.length <= at) await erase(store, gone);
          await comeBack();
          for (const events of batches) await applyBatch(store, { ...SIDE_WRITES, events });

          const left = await store
            .write("contacts")
            .whereIn("id", [id, other])
            .select("id", "name", "phone", "person");
          expect(left).toEqual(
            comesBack
              ? [{ id, name: "Nova", phone: null, person: contactKeyOf({ channel: CHANNEL, id }) }]
              : [],
          );
          if (!comesBack) expect(await traces(store, [id, other])).toEqual([]);
          else expect((await traces(store, [])).filter((row) => row.includes(id))).toEqual([]);
        },
      );
      await fc.assert(property, { numRuns: RUNS });
    },
  );

  test("what failed by our own fault goes with the customer, and none is kept after it", async () => {
    const story = storyOf();
    const id = randomUUID();
    const failed = (receipt: number) =>
      keepInternalError(store, {
        ...SIDE_WRITES,
        accepted: updated(story, receipt, { id, name: WORD }),
        detail: "a fault",
      });
    await apply(store, createdFor(story, 1, { id }));
    expect(told(await failed(2), updated(story, 2, { id }))).toEqual(["INTERNAL_ERROR"]);
    await erase(store, story);
    expect(await traces(store, [id])).toEqual([]);
    expect(told(await failed(3), updated(story, 3, { id }))).toEqual(["erased"]);
    expect(await traces(store, [id])).toEqual([]);
  });

  test("a customer of whom another conversation is left, under another id too, stays known", async () => {
    const [gone, stays] = [storyOf(), storyOf()];
    const [id, other] = [randomUUID(), randomUUID()];
    await apply(store, createdFor(gone, 1, { id, name: "Bia" }), createdFor(stays, 1, { id: other }));
    await apply(store, updated(gone, 2, { id: other, formerly: id }));
    await erase(store, gone);
    const late = updated(stays, 5, { id: other, name: "Beatriz" });
    expect(told(await apply(store, late), late)).toEqual(["applied"]);
    await erase(store, stays);
    expect(await traces(store, [id, other])).toEqual([]);
  });

  test("who was erased for their age is known again by what is said later, not by what was said before", async () => {
    const story = storyOf();
    const id = randomUUID();
    await apply(store, createdFor(story, 1, { id, name: WORD }), story.closed(2));
    const before = updated(story, 3, { id, name: WORD });
    await erase(store, story, storyOf().under(0));
    expect(told(await apply(store, before), before)).toEqual(["erased"]);
    expect(await traces(store, [id])).toEqual([]);
    const said = updated(story, 3, { id, name: "Volta" });
    const later = { ...said, receipt: `${NOW + 1}000` as JobEvent["receipt"] };
    expect(told(await apply(store, later), later)).toEqual(["applied"]);
  });

  test("an update that is being applied while its customer is erased is erased, or gone with them", async () => {
    for (let round = 0; round < 20; round += 1) {
      const story = storyOf();
      const id = randomUUID();
      await apply(store, createdFor(story, 1, { id, name: WORD }));
      const updates = Array.from({ length: 6 }, (_, index) =>
        updated(story, 10 + index, { id, name: `${WORD} ${index}` }),
      );
      const busy = async <Value>(work: () => Promise<Value>): Promise<Value> => {
        for (;;) {
          try {
            return await work();
          } catch (error) {
            if (!/locked|busy/i.test(String(error))) throw error;
          }
        }
      };
      await Promise.all([
        ...updates.slice(0, 3).map((one) => busy(() => apply(store, one))),
        busy(() => erase(store, story)),
        ...updates.slice(3).map((one) => busy(() => apply(store, one))),
      ]);
      expect(await traces(store, [id])).toEqual([]);
    }
  });

  test("what stays of a customer is no hash that can be tried", async () => {
    const rows = await store.write("erased_contacts").select<Array<{ hash: string }>>("hash");
    expect(rows.length).toBeGreaterThan(0);
    const keys = await store.write("erasure_keys").pluck<string[]>("key");
    expect(keys.map((key) => Buffer.from(key, "base64url").length)).toEqual([32]);
    expect(rows.every(({ hash }) => /^[\w-]{43}$/.test(hash))).toBe(true);
  });
});
