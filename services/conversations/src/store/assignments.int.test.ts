import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptOf, type Author } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "./connect.ts";
import { listConversations } from "./queries/conversations.ts";
import { readEventOutcome } from "./queries/event-outcome.ts";
import { readHistory } from "./queries/history.ts";
import { readThread } from "./queries/thread.ts";
import { apply, changesOf, migratedStore, storyOf, told } from "./testing/fixture.ts";

const [NEVER, LATER] = [receiptOf(0), receiptOf(9_000_000_000_000_000)];
const ANA: Author = { id: "ana", name: "Ana" };
const LIA: Author = { id: "lia", name: "Lia" };

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const holderOf = async (id: string): Promise<string | null> => {
    const read = await readThread(store.read, { id, limit: 1 });
    return read.kind === "read" ? (read.conversation.assigned_to?.name ?? null) : "nothing";
  };

  test("it is the last one's by receipt, whatever comes first, and nobody's once it is given back", async () => {
    const story = storyOf();
    await apply(store, story.created(1));
    expect(await holderOf(story.id)).toBeNull();
    for (const [receipt, agent, holder] of [
      [5, LIA, "Lia"],
      [3, ANA, "Lia"],
      [8, null, null],
      [7, ANA, null],
      [9, ANA, "Ana"],
    ] as const) {
      const given = story.assigned(receipt, agent, { timestamp: story.at(20 + receipt) });
      expect(told(await apply(store, given), given)).toEqual(["applied"]);
      expect(await holderOf(story.id)).toBe(holder);
    }
  });

  test("a repetition of an older one does not undo a newer one; a lower one of the last makes room for it", async () => {
    const story = storyOf();
    await apply(store, story.created(1), story.assigned(5, ANA), story.assigned(6, LIA));
    const again = story.assigned(9, { id: "ana", name: "Ana Lima" });
    expect((await apply(store, again)).outcomes.get(again.receipt)).toEqual({
      kind: "duplicate",
      of: story.under(5),
    });
    expect(await holderOf(story.id)).toBe("Lia");
    await apply(store, story.assigned(4, LIA));
    expect(await holderOf(story.id)).toBe("Ana");
  });

  test("it waits for its conversation, and GET /events tells what became of it", async () => {
    const story = storyOf();
    const early = story.assigned(1, ANA);
    const outcome = (overdue: typeof NEVER) =>
      readEventOutcome(store.read, { type: "ASSIGN_CONVERSATION", id: story.id, overdue });
    expect(await outcome(LATER)).toBeNull();
    expect(told(await apply(store, early), early)).toEqual(["waiting"]);
    expect(await outcome(NEVER)).toMatchObject({ outcome: "waiting" });
    expect(await outcome(LATER)).toMatchObject({ outcome: "rejected", reason: "CONVERSATION_NOT_FOUND" });
    await apply(store, story.created(2));
    expect(await outcome(LATER)).toMatchObject({ outcome: "applied", receipt: early.receipt });
    expect(await holderOf(story.id)).toBe("Ana");
  });

  test("a closed one can be given to somebody too", async () => {
    const story = storyOf();
    const given = story.assigned(3, ANA);
    await apply(store, story.created(1), story.closed(2));
    expect(told(await apply(store, given), given)).toEqual(["applied"]);
    expect(await holderOf(story.id)).toBe("Ana");
  });

  test("readers are told by the row alone, with a version above the last", async () => {
    const story = storyOf();
    await apply(store, story.created(1));
    const [assigned, given] = changesOf(await apply(store, story.assigned(2, ANA)));
    expect(assigned).toEqual({
      ...{ event: "assigned", conversation_id: story.id, version: 2 },
      ...{ from: null, to: ANA.id },
    });
    expect(given).toMatchObject({ event: "conversation", conversation: { version: 2, assigned_to: ANA } });
    const changes = changesOf(await apply(store, story.assigned(3, null)));
    expect(changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ event: "conversation", conversation: { version: 3 } });
    expect(changes[1]).not.toHaveProperty("conversation.assigned_to");
    expect(changesOf(await apply(store, story.message(4)))[0]).toMatchObject({ event: "conversation" });
  });

  test("the history tells each of them", async () => {
    const story = storyOf();
    await apply(store, story.created(1), story.assigned(2, ANA), story.assigned(3, null));
    const page = await readHistory(store.read, { id: story.id, limit: 10, overdue: LATER });
    expect(page?.items.map(({ event, outcome }) => [event.type, event.data.agent ?? null, outcome])).toEqual([
      ["ASSIGN_CONVERSATION", null, "applied"],
      ["ASSIGN_CONVERSATION", ANA, "applied"],
      ["NEW_CONVERSATION", null, "applied"],
    ]);
  });

  test("two under one receipt are never taken for one", async () => {
    const [one, other] = [storyOf(), storyOf()];
    await apply(store, one.created(1), other.created(1), one.assigned(2, ANA));
    const taken = { ...other.assigned(2, LIA), receipt: one.under(2) };
    expect((await apply(store, taken)).displaced).toEqual([taken]);
  });

  test("the list is one agent's, nobody's, or both, in every state and order, page by page", async () => {
    const stories = Array.from({ length: 9 }, () => storyOf());
    const agent = { id: stories[0]?.id ?? "", name: "Rui" };
    for (const [index, story] of stories.entries()) {
      await apply(store, story.created(1, index), story.message(2, { timestamp: story.at(30 + index) }));
      if (index % 3 !== 0) await apply(store, story.assigned(3, index % 3 === 1 ? agent : LIA));
      if (index % 2 === 1) await apply(store, story.closed(4));
    }
    const own = new Set(stories.map(({ id }) => id));
    const list = async (options: Omit<Parameters<typeof listConversations>[1], "limit">) => {
      const found: number[] = [];
      let after: Parameters<typeof listConversations>[1]["after"];
      do {
        const page = await listConversations(store.read, { ...options, limit: 2, ...(after && { after }) });
        for (const { id } of page.items)
          if (own.has(id)) found.push(stories.findIndex((story) => story.id === id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return found;
    };
    expect(await list({ holders: [agent.id] })).toEqual([7, 4, 1]);
    expect(await list({ holders: [agent.id], order: "oldest" })).toEqual([1, 4, 7]);
    expect(await list({ holders: [agent.id], state: "OPEN" })).toEqual([4]);
    expect(await list({ holders: [null] })).toEqual([6, 3, 0]);
    expect(await list({ holders: [null], waiting: true })).toEqual([6, 0]);
    expect(await list({ holders: [null, agent.id] })).toEqual([7, 6, 4, 3, 1, 0]);
    expect(await list({})).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });
});
