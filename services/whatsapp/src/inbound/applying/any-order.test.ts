import fc from "fast-check";
import { createLog } from "@fio/service/log";
import { expect, test } from "vitest";
import { changesOf } from "../../providers/meta.ts";
import { ANA, echo, received, webhook } from "../../testing/meta.ts";
import { split, type Item } from "../reading/split.ts";
import { createApply } from "./apply.ts";
import { createSmallFio } from "./testing/small-fio.ts";
import { Unavailable } from "../../unavailable.ts";

const AT = Date.parse("2025-11-24T16:00:00Z");
const itemsOf = (...bodies: object[]): Item[] =>
  bodies.flatMap((body) => split(changesOf(body as Record<string, unknown>), AT));

function openFio(options: Parameters<typeof createSmallFio>[0] = {}) {
  const fio = createSmallFio(options);
  const unread: string[] = [];
  const apply = createApply({
    api: fio.api,
    ingest: fio.ingest,
    webKey: Buffer.from("what the web app signs with"),
    unread: (_item, why) => Promise.resolve(void unread.push(why)),
    putOff: () => Promise.resolve(true),
    heard: () => Promise.resolve(),
    count: () => {},
    log: createLog({ service: "whatsapp", level: "silent" }),
  });
  return { ...fio, apply, unread };
}

/** As a worker does: what is put off is tried again until it is done. */
async function applyAll(apply: (items: readonly Item[]) => Promise<void>, batches: readonly Item[][]) {
  for (const batch of batches) {
    for (let tries = 0; ; tries += 1) {
      try {
        await apply(batch);
        break;
      } catch (error) {
        if (!(error instanceof Unavailable) || tries > 100) throw error;
      }
    }
  }
}

/** What one customer and the business's phone say in a minute. */
const said = itemsOf(
  ...Array.from({ length: 5 }, (_, index) =>
    received(`r${index}`, { at: 1_764_000_000 + index, text: `r${index}` }),
  ),
  received("both", { from: { ...ANA, userId: "BR.1" }, at: 1_764_000_020, text: "both" }),
  echo("e", { at: 1_764_000_010, text: "e" }),
  webhook(
    {
      history: [
        {
          threads: [
            {
              id: ANA.phone,
              messages: [{ from: ANA.phone, id: "old", timestamp: 17, type: "text", text: { body: "old" } }],
            },
          ],
        },
      ],
    },
    "history",
  ),
);

const cut = (items: readonly Item[], sizes: readonly number[]): Item[][] => {
  const batches: Item[][] = [];
  let rest = [...items];
  for (const size of [...sizes, rest.length]) {
    if (rest.length === 0) break;
    batches.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return batches;
};

test("whatever the order, the repetition, the batches and the answers that are lost, the same conversations", async () => {
  const once = openFio();
  await applyAll(once.apply, [said]);
  expect(once.state()).toHaveLength(2);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
      // Not for ever: then nothing would ever be known to be done.
      fc.array(fc.boolean(), { maxLength: 60 }),
      async (items, sizes, losses) => {
        const left = [...losses];
        const fio = openFio({ failsAfter: () => left.shift() === true });
        await applyAll(fio.apply, cut(items, sizes));
        expect(fio.state()).toEqual(once.state());
        expect(fio.unread).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test("agents may close at any time: no message is lost, none is in two, and none is left for them to carry", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
      // Not always: somebody who closes as fast as we open is given up on.
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      async (items, sizes, closings) => {
        const fio = openFio();
        const api = {
          ...fio.api,
          contact: async (channel: string, id: string) => {
            const known = await fio.api.contact(channel, id);
            // In the very moment between the question and what is posted.
            if (closings.next().value === 0) fio.closeAll();
            return known;
          },
        };
        const apply = createApply({
          api,
          ingest: fio.ingest,
          webKey: Buffer.from("what the web app signs with"),
          unread: () => Promise.resolve(),
          putOff: () => Promise.resolve(true),
          heard: () => Promise.resolve(),
          count: () => {},
          log: createLog({ service: "whatsapp", level: "silent" }),
        });
        await applyAll(apply, cut(items, sizes));
        const messages = fio.state().flatMap(([, ...contents]) => contents);
        expect(new Set(messages).size).toBe(messages.length);
        expect(messages).toHaveLength(said.length);
        expect(fio.unresolved()).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test("without the right to say so, a refusal is left for agents, and the message is in the next conversation all the same", async () => {
  const fio = createSmallFio();
  const apply = createApply({
    ...{ api: fio.api, ingest: fio.ingest, webKey: undefined },
    unread: () => Promise.resolve(),
    putOff: () => Promise.resolve(true),
    heard: () => Promise.resolve(),
    count: () => {},
    log: createLog({ service: "whatsapp", level: "silent" }),
  });
  await apply(itemsOf(received("1")));
  const { contact } = fio.api;
  fio.api.contact = async (channel, id) => {
    const known = await contact(channel, id);
    fio.closeAll();
    return known;
  };
  await apply(itemsOf(received("2", { at: 1_764_000_500 })));
  expect(fio.conversations()).toHaveLength(2);
  expect(fio.unresolved()).toHaveLength(1);
});

test("a customer whose conversations were erased, however many, and who writes again is heard from the first word", async () => {
  const fio = openFio();
  const posts: number[] = [];
  for (let before = 0; before < 3; before += 1) {
    for (let times = 0; times < 40; times += 1) {
      const at = 1_764_000_000 + before * 10_000 + times * 10;
      await fio.apply(itemsOf(received(`${before} ${times}`, { at, text: "antes" })));
      fio.closeAll();
    }
    fio.eraseAll();
  }
  const settle = fio.ingest.settle;
  fio.ingest.settle = (events) => {
    posts.push(events.length);
    return settle(events);
  };
  const anew = [received("a", { at: 1_765_000_000 }), received("b", { at: 1_765_000_001 })];
  await applyAll(fio.apply, [itemsOf(...anew), itemsOf(...anew)]);
  expect(fio.state().map((conversation) => conversation.length)).toEqual([3]);
  // One that is buried, one that is not, and the messages; then the repetition.
  expect(posts.slice(0, 3)).toEqual([1, 1, 2]);
});

test("what comes once more of an erased customer begins no conversation", async () => {
  const fio = openFio();
  const old = itemsOf(received("1"), received("2", { at: 1_764_000_500 }));
  await fio.apply(old);
  fio.eraseAll();
  await fio.apply(old);
  expect(fio.conversations()).toEqual([]);
  await fio.apply([...old, ...itemsOf(received("3", { at: 1_764_000_900 }))]);
  expect(fio.state().map((conversation) => conversation.length)).toEqual([2]);
});
