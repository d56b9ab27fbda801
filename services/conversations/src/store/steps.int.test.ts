import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, type AcceptedEvent } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { oneByOne } from "../domain/testing/reference.ts";
import { STEP_LIMIT, settleStep } from "./apply.ts";
import type { Store } from "./connect.ts";
import { unsettledConversations } from "./load-step.ts";
import {
  SIDE_WRITES,
  apply,
  changesOf,
  differences,
  holdingsOf,
  migratedStore,
  settleAll,
  storyOf,
  told,
} from "./testing/fixture.ts";

/** What a step tells of besides its events, each at most once. */
const BESIDES = ["the row", "what is to be resolved", "what else changed"];

/** More than are taken up in one transaction. */
const MANY = 1_100;

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const faultsOf = async (id: string, events: AcceptedEvent[]): Promise<string[]> =>
    differences(await holdingsOf(store, [id]), events, oneByOne(events));

  const applyInParts = async (events: AcceptedEvent[]): Promise<void> => {
    for (let from = 0; from < events.length; from += 500)
      await apply(store, ...events.slice(from, from + 500));
  };

  test(
    "a creation for which many events wait is applied at once, they follow in steps",
    { timeout: 60_000 },
    async () => {
      const { id, created, message, closed } = storyOf();
      const waiting = Array.from({ length: MANY }, (_, index) => message(2 * index + 2));
      const [first, second] = [closed(MANY - 101), closed(MANY - 51, 51)];
      await applyInParts([...waiting, second, first]);
      const creation = created(3 * MANY);
      const late = message(0);
      const applied = await apply(store, creation, late);
      expect(told(applied, creation, late)).toEqual(["applied", "applied"]);
      // The lowest close counts from the first transaction on.
      expect((await holdingsOf(store, [id])).rows.get(id)).toMatchObject({
        state: "CLOSED",
        message_count: 1,
      });
      expect((await unsettledConversations(store)).has(id)).toBe(true);

      // Between two steps what comes is decided as the law says, also about one whose turn is still to come.
      const pending = waiting[MANY - 300]!;
      const between = [
        { ...pending, receipt: message(3 * MANY + 1).receipt },
        message(3 * MANY + 2, { messageId: idOf(pending.event), content: "outra" }),
      ];
      expect(told(await apply(store, ...between), ...between)).toEqual(["duplicate", "MESSAGE_ID_CONFLICT"]);

      const steps = await settleAll(store, [id]);
      expect(steps.length).toBeGreaterThanOrEqual(MANY / STEP_LIMIT.events);
      expect(Math.max(...steps.map((step) => changesOf(step).length))).toBeLessThanOrEqual(
        STEP_LIMIT.events + BESIDES.length,
      );
      expect(await faultsOf(id, [...waiting, first, second, creation, late, ...between])).toEqual([]);
      expect((await unsettledConversations(store)).has(id)).toBe(false);
    },
  );

  test(
    "a late close takes many messages out in steps, and a lower one that comes meanwhile all above it",
    { timeout: 60_000 },
    async () => {
      const { id, created, message, closed } = storyOf();
      const messages = Array.from({ length: MANY }, (_, index) => message(2 * index + 100));
      await applyInParts([created(1), ...messages]);
      const [close, lower] = [closed(151), closed(51, 51)];
      expect(told(await apply(store, close), close)).toEqual(["applied"]);
      await settleStep(store, { ...SIDE_WRITES, conversation: id });
      expect(told(await apply(store, lower), lower)).toEqual(["applied"]);
      await settleAll(store, [id]);
      expect(await faultsOf(id, [created(1), ...messages, close, lower])).toEqual([]);
      expect((await holdingsOf(store, [id])).rows.get(id)).toMatchObject({
        message_count: 0,
        last_message_at: null,
      });
    },
  );

  test("long events make a step of fewer", { timeout: 60_000 }, async () => {
    const { id, created, message } = storyOf();
    const waiting = Array.from({ length: 10 }, (_, index) =>
      message(index + 1, { content: "á".repeat(50_000) }),
    );
    await apply(store, ...waiting);
    await apply(store, created(20));
    const steps = await settleAll(store, [id]);
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(await faultsOf(id, [...waiting, created(20)])).toEqual([]);
  });

  test(
    "few that wait are applied with the creation, whoever else has many",
    { timeout: 60_000 },
    async () => {
      const [few, none, many] = [storyOf(), storyOf(), storyOf()];
      const waiting = Array.from({ length: 300 }, (_, index) => many.message(index + 1));
      const one = few.message(1);
      await apply(store, one);
      await applyInParts(waiting);
      expect((await apply(store, few.created(2), none.created(2))).unsettled).toEqual([]);
      expect((await apply(store, many.created(1_000), storyOf().created(3))).unsettled).toEqual([many.id]);
      await settleAll(store, [many.id]);
      expect(await faultsOf(many.id, [...waiting, many.created(1_000)])).toEqual([]);
    },
  );
});
