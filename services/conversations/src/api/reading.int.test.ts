import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  conversationIdOf,
  conversation as conversationShape,
  conversationRow,
  counts as countsShape,
  eventOutcome,
  historyEntry,
  receiptTimestamp,
  rejection,
  type Conversation,
  type ConversationRow,
  type EventOutcome,
  type HistoryEntry,
  type Rejection,
  type Timestamp,
} from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { until } from "../../../../test/support/until.ts";
import { keepInternalError } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { SIDE_WRITES, apply, storyOf } from "../store/testing/fixture.ts";
import { startStoredApi, type Api, type Answer } from "./testing/start-api.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  /** All stories lie in the past of the clock but for what a test puts into the grace. */
  let clock = Date.parse("2030-01-01");
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create, { now: () => clock }));
    await until(() => api.live.position(), { what: "the api has found its place in the stream" });
  });
  afterAll(() => remove());

  const rows = (answer: Answer): ConversationRow[] => z.array(conversationRow).parse(answer.body);
  const thread = (answer: Answer): Conversation => conversationShape.parse(answer.body);
  const history = (answer: Answer): HistoryEntry[] => z.array(historyEntry).parse(answer.body);
  const outcome = (answer: Answer): EventOutcome => eventOutcome.parse(answer.body);
  const rejections = (answer: Answer): Rejection[] => z.array(rejection).parse(answer.body);
  /** Follows the links to the end. */
  const all = async <Item>(path: string, read: (answer: Answer) => Item[]): Promise<Item[]> => {
    const items: Item[] = [];
    for (let next: string | null = path; next !== null;) {
      const answer: Answer = await api.get(next);
      expect(answer.status).toBe(200);
      items.push(...read(answer));
      next = answer.next;
    }
    return items;
  };

  describe("the list", () => {
    test("shows newest activity first, page by page, by state and without placeholders", async () => {
      const stories = Array.from({ length: 7 }, () => storyOf());
      const waiting = storyOf();
      for (const [index, story] of stories.entries()) {
        await apply(
          store,
          story.created(1, 59),
          story.message(2, { timestamp: `2026-03-0${index + 1}T00:00:00.000001Z` as never }),
          ...(index % 2 === 0 ? [story.closed(3)] : []),
        );
      }
      await apply(store, waiting.message(1, { timestamp: "2026-03-09T00:00:00.000000Z" as never }));
      const ids = stories.map(({ id }) => id).toReversed();
      const seen = await all("/conversations/?limit=2", rows);
      expect(seen.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
      expect(seen.map(({ id }) => id)).not.toContain(waiting.id);
      const open = await all("/conversations?state=OPEN&limit=2", rows);
      expect(open.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(
        ids.filter((_, index) => index % 2 === 1),
      );
      const closed = await all("/conversations?state=CLOSED&limit=1", rows);
      expect(closed.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(
        ids.filter((_, index) => index % 2 === 0),
      );
    });

    test("conversations of the same microsecond are each shown once", async () => {
      const stories = Array.from({ length: 5 }, () => storyOf());
      for (const story of stories) await apply(store, story.created(1, 33));
      const seen = (await all("/conversations/?limit=1", rows)).map(({ id }) => id);
      expect(seen.filter((id) => stories.some((story) => story.id === id)).toSorted()).toEqual(
        stories.map(({ id }) => id).toSorted(),
      );
    });

    test("oldest activity first, page by page", async () => {
      const stories = Array.from({ length: 5 }, () => storyOf());
      for (const [index, story] of stories.entries()) await apply(store, story.created(1, 40 + index));
      const seen = await all("/conversations/?order=oldest&limit=2", rows);
      expect(seen.map(({ activity_at }) => activity_at)).toEqual(
        seen.map(({ activity_at }) => activity_at).toSorted(),
      );
      const ids = stories.map(({ id }) => id);
      expect(seen.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
    });

    test("shows who waits, the longest wait first, page by page, closed ones for what came after the close", async () => {
      const [asked, answered, late, closed, longest] = Array.from({ length: 5 }, () => storyOf()) as [
        ReturnType<typeof storyOf>,
        ReturnType<typeof storyOf>,
        ReturnType<typeof storyOf>,
        ReturnType<typeof storyOf>,
        ReturnType<typeof storyOf>,
      ];
      const message = (story: ReturnType<typeof storyOf>, receipt: number, second: number) =>
        story.message(receipt, { timestamp: `2024-01-01T00:00:${second}.000000Z` as Timestamp });
      await apply(store, asked.created(1), message(asked, 2, 12), message(asked, 3, 40));
      await apply(
        store,
        answered.created(1),
        message(answered, 2, 11),
        answered.message(3, { direction: "SENT" }),
      );
      await apply(store, late.created(1), late.closed(2), message(late, 3, 13));
      await apply(store, closed.created(1), message(closed, 2, 10), closed.closed(3));
      await apply(store, longest.created(1), message(longest, 2, 10));
      const of = async (query: string): Promise<ConversationRow[]> => {
        const own = [asked, answered, late, closed, longest].map(({ id }) => id);
        return (await all(`/conversations/?${query}`, rows)).filter(({ id }) => own.includes(id));
      };
      const ids = (shown: ConversationRow[]): string[] => shown.map(({ id }) => id);
      const seen = await of("waiting=true&order=oldest&limit=1");
      expect(ids(seen)).toEqual([longest.id, asked.id, late.id]);
      expect(seen[1]).toMatchObject({
        waiting_since: "2024-01-01T00:00:12.000000Z",
        last_received_receipt: asked.under(3),
      });
      expect(ids(await of("waiting=true&limit=2"))).toEqual([late.id, asked.id, longest.id]);
      expect(ids(await of("waiting=true&state=CLOSED"))).toEqual([late.id]);
      expect(ids(await of("waiting=true&order=oldest&state=OPEN"))).toEqual([longest.id, asked.id]);
    });

    test("how many wait is counted up to 99", async () => {
      const { body: before } = await api.get("/counts");
      const [story, other] = [storyOf(), storyOf()];
      await apply(
        store,
        story.created(1),
        story.message(2),
        other.created(1),
        other.closed(2),
        other.message(3),
      );
      const { body, headers } = await api.get("/counts");
      const { waiting } = countsShape.parse(before);
      const failed_deliveries = { count: 0, more: false };
      expect(body).toEqual({ waiting: { count: waiting.count + 2, more: false }, failed_deliveries });
      expect(headers.get("x-stream-position")).not.toBeNull();
      const many = Array.from({ length: 100 }, () => storyOf());
      await apply(store, ...many.flatMap(({ created, message }) => [created(1), message(2)]));
      expect((await api.get("/counts")).body).toMatchObject({ waiting: { count: 99, more: true } });
      await apply(store, ...many.map(({ message }) => message(3, { direction: "SENT" })));
      expect((await api.get("/counts/")).body).toEqual(body);
    });

    test("nothing that is read may be kept", async () => {
      const { headers } = await api.get("/conversations/");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("etag")).toBeNull();
    });
  });

  describe("a conversation", () => {
    test("shows its latest messages in ascending (place, receipt) order, older ones by the link", async () => {
      const story = storyOf();
      const messages = [
        story.message(5, { content: "c", timestamp: story.at(12) }),
        story.message(2, { content: "b", timestamp: story.at(11) }),
        story.message(3, { content: "d", timestamp: story.at(13) }),
        story.message(4, { content: "e", timestamp: story.at(13) }),
        story.message(6, { content: "a", timestamp: story.at(10) }),
      ];
      await apply(store, story.created(1), ...messages);
      const latest = await api.get(`/conversations/${story.id.toUpperCase()}/?limit=2`);
      expect(thread(latest)).toMatchObject({
        id: story.id,
        state: "OPEN",
        created_at: story.at(0),
        closed_at: null,
        message_count: 5,
        last_message_at: story.at(13),
        last_message_preview: "e",
      });
      expect(thread(latest).messages.map(({ content }) => content)).toEqual(["d", "e"]);
      expect(thread(latest).messages[0]).toMatchObject({
        timestamp: story.at(13),
        receipt: story.under(3),
        direction: "RECEIVED",
      });
      const older = await api.get(latest.prev!);
      expect(thread(older).messages.map(({ content }) => content)).toEqual(["b", "c"]);
      const oldest = await api.get(older.prev!);
      expect(thread(oldest).messages.map(({ content }) => content)).toEqual(["a"]);
      expect(oldest.prev).toBeNull();
    });

    test("shows what a clock hours ahead stamped where it was received, page by page, and as it was sent", async () => {
      const story = storyOf();
      const ahead = "2025-02-21T19:20:42.349308Z" as Timestamp;
      await apply(
        store,
        { ...story.created(1), event: { ...story.created(1).event, timestamp: ahead } },
        story.message(2, { content: "ahead", timestamp: ahead }),
        story.message(9, { content: "late", timestamp: story.at(3) }),
        story.message(5, { content: "then", timestamp: receiptTimestamp(story.under(5)) }),
        story.message(7, {
          content: "even further ahead",
          timestamp: "2025-02-22T01:00:00.000000Z" as Timestamp,
        }),
      );
      const seen: string[] = [];
      for (let path: string | null = `/conversations/${story.id}/?limit=1`; path !== null;) {
        const page = await api.get(path);
        seen.push(...thread(page).messages.map(({ content }) => content));
        path = page.prev;
      }
      expect(seen).toEqual(["even further ahead", "then", "ahead", "late"]);
      const whole = thread(await api.get(`/conversations/${story.id}/`));
      expect(whole).toMatchObject({
        created_at: ahead,
        activity_at: receiptTimestamp(story.under(7)),
        last_message_at: receiptTimestamp(story.under(7)),
        last_message_preview: "even further ahead",
      });
      expect(whole.messages.find(({ content }) => content === "ahead")?.timestamp).toBe(ahead);
      const history = await api.get(`/conversations/${story.id}/events`);
      const told = history.body as Array<{ receipt: string; event: { timestamp: string } }>;
      expect(told.find(({ receipt }) => receipt === story.under(2))?.event.timestamp).toBe(ahead);
    });

    test("keeps contents and microseconds exactly as they were sent", async () => {
      const story = storyOf();
      const content = "  👩‍👩‍👧 olá\r\n\t\u202eשלום\u2028 fim ";
      await apply(
        store,
        story.created(1),
        story.message(2, { content, timestamp: "2025-02-21T10:20:42.000001Z" as never }),
      );
      const [message] = thread(await api.get(`/conversations/${story.id}`)).messages;
      expect(message).toMatchObject({ content, timestamp: "2025-02-21T10:20:42.000001Z" });
    });

    test("is unknown as long as it is only waited for", async () => {
      const story = storyOf();
      await apply(store, story.message(1));
      for (const path of [`/conversations/${story.id}/`, `/conversations/${story.id}/events`]) {
        expect(await api.get(path)).toMatchObject({ status: 404, body: { code: "CONVERSATION_NOT_FOUND" } });
      }
      expect((await api.get(`/conversations/${randomUUID()}`)).status).toBe(404);
    });

    test("one without messages has an empty thread", async () => {
      const story = storyOf();
      await apply(store, story.created(1));
      const answer = await api.get(`/conversations/${story.id}/`);
      expect(thread(answer)).toMatchObject({ messages: [], message_count: 0, last_message_at: null });
      expect(answer.prev).toBeNull();
    });
  });

  describe("the history", () => {
    test("tells every kept event by receipt, newest first, with its outcome, page by page", async () => {
      const story = storyOf();
      const id = randomUUID();
      await apply(
        store,
        story.created(1),
        story.message(2, { messageId: id, content: "a" }),
        story.message(3, { messageId: id, content: "b" }),
        story.closed(4),
        story.message(5, { content: "late" }),
        story.created(6, 9),
        story.closed(7, 51),
        // Equal to the first message: leaves no trace.
        story.message(8, { messageId: id, content: "a" }),
      );
      const seen = await all(`/conversations/${story.id}/events?limit=2`, history);
      expect(
        seen.map(({ receipt, outcome, reason }) => [Number(receipt.slice(-4)), reason ?? outcome]),
      ).toEqual(
        [
          [7, "CONVERSATION_ALREADY_CLOSED"],
          [6, "CONVERSATION_ALREADY_EXISTS"],
          [5, "CONVERSATION_CLOSED"],
          [4, "applied"],
          [3, "MESSAGE_ID_CONFLICT"],
          [2, "applied"],
          [1, "applied"],
        ].map(([receipt, what]) => [Number(story.under(receipt as number).slice(-4)), what]),
      );
      expect(seen.at(-1)?.event).toEqual({
        type: "NEW_CONVERSATION",
        timestamp: story.at(0),
        data: { id: story.id },
      });
      expect(seen.at(-2)?.event).toEqual({
        type: "NEW_MESSAGE",
        timestamp: story.at(10),
        data: { id, direction: "RECEIVED", content: "a", conversation_id: story.id },
      });
      expect(seen[2]?.event.data.content).toBe("late");
    });
  });

  describe("an event", () => {
    test("is told by the applied one, the others beside it", async () => {
      const story = storyOf();
      const id = randomUUID();
      await apply(store, story.created(1));
      await apply(store, story.message(3, { messageId: id }));
      await apply(store, story.message(4, { messageId: id, content: "b" }));
      expect(outcome(await api.get(`/events/NEW_MESSAGE/${id.toUpperCase()}/`))).toEqual({
        type: "NEW_MESSAGE",
        id,
        outcome: "applied",
        receipt: story.under(3),
        conversation_id: story.id,
        others: [
          {
            outcome: "rejected",
            reason: "MESSAGE_ID_CONFLICT",
            receipt: story.under(4),
            conversation_id: story.id,
          },
        ],
      });
      expect(outcome(await api.get(`/events/NEW_CONVERSATION/${story.id}`))).toMatchObject({
        outcome: "applied",
        receipt: story.under(1),
      });
      expect((await api.get(`/events/CLOSE_CONVERSATION/${story.id}`)).status).toBe(404);
      await apply(store, story.closed(5));
      expect(outcome(await api.get(`/events/CLOSE_CONVERSATION/${story.id}`))).toMatchObject({
        outcome: "applied",
        receipt: story.under(5),
      });
    });

    test("is told by the lowest receipt where none is applied", async () => {
      const story = storyOf();
      const id = randomUUID();
      await apply(store, story.created(1), story.closed(2));
      await apply(store, story.message(5, { messageId: id, content: "b" }));
      await apply(store, story.message(4, { messageId: id, content: "a" }));
      const told = outcome(await api.get(`/events/NEW_MESSAGE/${id}`));
      expect(told).toMatchObject({ outcome: "rejected", receipt: story.under(4) });
      expect(told.others?.map(({ receipt }) => receipt)).toEqual([story.under(5)]);
    });

    test("waits within the grace, and is reported as refused from then on", async () => {
      const story = storyOf();
      const id = randomUUID();
      const accepted = story.message(1, { messageId: id });
      await apply(store, accepted);
      const before = clock;
      clock = Number(accepted.receipt) / 1000 + 5_999;
      expect(outcome(await api.get(`/events/NEW_MESSAGE/${id}`))).toEqual({
        type: "NEW_MESSAGE",
        id,
        outcome: "waiting",
        receipt: accepted.receipt,
        conversation_id: story.id,
      });
      expect(rejections(await api.get(`/rejections?conversation=${story.id}`))).toEqual([]);
      clock += 2;
      expect(outcome(await api.get(`/events/NEW_MESSAGE/${id}`))).toMatchObject({
        outcome: "rejected",
        reason: "CONVERSATION_NOT_FOUND",
      });
      expect(rejections(await api.get(`/rejections?conversation=${story.id}`))).toHaveLength(1);
      clock = before;
      await apply(store, story.created(2));
      expect(outcome(await api.get(`/events/NEW_MESSAGE/${id}`)).outcome).toBe("applied");
      expect(rejections(await api.get(`/rejections?conversation=${story.id}`))).toEqual([]);
    });

    test("that was never accepted is not found", async () => {
      expect(await api.get(`/events/NEW_MESSAGE/${randomUUID()}`)).toMatchObject({
        status: 404,
        body: { code: "EVENT_NOT_FOUND" },
      });
    });
  });

  describe("what agents did about refusals", () => {
    test("is told with the refusal, in the history, and by the conversation it was carried to", async () => {
      const [story, next] = [storyOf(), storyOf()];
      const [late, more] = [story.message(10), story.message(11)];
      await apply(store, story.created(1), story.closed(2), late, more, next.created(1));
      const path = `/rejections?conversation=${story.id}&unresolved=true`;
      expect(rejections(await api.get(path)).map(({ receipt }) => receipt)).toEqual([
        more.receipt,
        late.receipt,
      ]);
      const [carried, seen] = [
        story.resolved(20, 10, { carriedTo: next.id }),
        story.resolved(21, 11, { second: 56 }),
      ];
      await apply(store, carried, seen);
      expect(rejections(await api.get(path))).toEqual([]);
      const told = rejection.parse((await api.get(`/rejections/${late.receipt}`)).body);
      const resolution = { how: "carried", carried_to: next.id, receipt: carried.receipt };
      expect(told).toMatchObject({ receipt: late.receipt, event: late.event, resolution });
      expect(thread(await api.get(`/conversations/${next.id}/`)).carried_from).toEqual([
        { conversation_id: story.id, receipts: [late.receipt] },
      ]);
      expect(thread(await api.get(`/conversations/${story.id}/`))).not.toHaveProperty("carried_from");
      const entries = history(await api.get(`/conversations/${story.id}/events`));
      expect(entries).toMatchObject([
        { receipt: seen.receipt, event: seen.event, outcome: "applied" },
        { receipt: carried.receipt, event: carried.event, outcome: "applied" },
        { receipt: more.receipt, outcome: "rejected", resolution: { how: "seen" } },
        { receipt: late.receipt, outcome: "rejected", resolution },
        { event: { type: "CLOSE_CONVERSATION" } },
        { event: { type: "NEW_CONVERSATION" } },
      ]);
      // A later act takes it back, and the conversation links no more.
      await apply(store, story.resolved(30, 10, { second: 57 }));
      expect(thread(await api.get(`/conversations/${next.id}/`))).not.toHaveProperty("carried_from");
    });

    test("of what is to be resolved only what waits beyond the grace and concerns somebody is listed", async () => {
      const [story, waiting] = [storyOf(), storyOf()];
      const fromAgent = story.message(12, { direction: "SENT" });
      await apply(
        store,
        story.created(1),
        story.closed(2),
        story.created(5, 9),
        fromAgent,
        waiting.message(10),
      );
      await keepInternalError(store, { ...SIDE_WRITES, accepted: story.message(13), detail: "a bug" });
      const unresolved = async (id: string) =>
        rejections(await api.get(`/rejections?unresolved=true&conversation=${id}`)).map(
          ({ reason }) => reason,
        );
      expect(await unresolved(story.id)).toEqual(["INTERNAL_ERROR"]);
      expect(await unresolved(waiting.id)).toEqual(["CONVERSATION_NOT_FOUND"]);
      await apply(store, waiting.resolved(20, 10));
      expect(await unresolved(waiting.id)).toEqual([]);
      const path = `/rejections?unresolved=true&conversation=${story.id}&reason=`;
      expect(rejections(await api.get(`${path}MESSAGE_ID_CONFLICT`))).toEqual([]);
      expect(rejections(await api.get(`${path}INTERNAL_ERROR`))).toHaveLength(1);
      expect((await api.get("/rejections?unresolved=false")).status).toBe(400);
    });

    test("a receipt under which nothing is refused is not found", async () => {
      const story = storyOf();
      await apply(store, story.created(1));
      for (const receipt of [story.under(1), story.under(9)]) {
        const answer = await api.get(`/rejections/${receipt}/`);
        expect(answer).toMatchObject({ status: 404, body: { code: "REJECTION_NOT_FOUND" } });
      }
      expect((await api.get("/rejections/17")).status).toBe(400);
      expect((await api.get(`/rejections/${story.under(1)}?how=seen`)).status).toBe(400);
    });
  });

  describe("the rejections", () => {
    test("are listed newest first, whole, by conversation and reason, page by page", async () => {
      const story = storyOf();
      await apply(
        store,
        story.created(1),
        story.closed(2),
        story.created(3, 9),
        ...[4, 5, 6].map((receipt) => story.message(receipt, { content: `late ${receipt}` })),
        story.closed(7, 59),
      );
      const seen = await all(`/rejections?conversation=${story.id.toUpperCase()}&limit=2`, rejections);
      expect(seen.map(({ receipt }) => receipt)).toEqual([7, 6, 5, 4, 3].map(story.under));
      expect(seen[1]).toMatchObject({
        conversation_id: story.id,
        reason: "CONVERSATION_CLOSED",
        event: { type: "NEW_MESSAGE", data: { content: "late 6", conversation_id: story.id } },
      });
      const closed = await all(
        `/rejections/?conversation=${story.id}&reason=CONVERSATION_CLOSED&limit=1`,
        rejections,
      );
      expect(closed.map(({ receipt }) => receipt)).toEqual([6, 5, 4].map(story.under));
      const several = await all(
        `/rejections?conversation=${story.id}&reason=CONVERSATION_ALREADY_EXISTS` +
          "&reason=CONVERSATION_CLOSED&reason=CONVERSATION_CLOSED&limit=2",
        rejections,
      );
      expect(several.map(({ receipt }) => receipt)).toEqual([6, 5, 4, 3].map(story.under));
      const everyone = await all("/rejections?limit=3", rejections);
      const receipts = everyone.map(({ receipt }) => receipt);
      expect(receipts).toEqual(receipts.toSorted().toReversed());
      expect(receipts).toEqual(expect.arrayContaining(seen.map(({ receipt }) => receipt)));
    });

    test("fill each page with those for any of the reasons, whatever else was refused in between", async () => {
      const story = storyOf();
      await apply(store, story.created(1), story.closed(2));
      for (const at of [10, 20, 30, 40]) {
        await apply(store, ...[1, 2, 3].map((more) => story.message(at + more)));
        await keepInternalError(store, {
          ...SIDE_WRITES,
          accepted: story.message(at),
          detail: "out of luck",
        });
      }
      const path = `/rejections?conversation=${story.id}&reason=CONVERSATION_NOT_FOUND&reason=INTERNAL_ERROR`;
      const first = await api.get(`${path}&limit=3`);
      expect(rejections(first).map(({ receipt }) => receipt)).toEqual([40, 30, 20].map(story.under));
      const next = /<(.*)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
      const last = await api.get(next);
      expect(rejections(last).map(({ receipt }) => receipt)).toEqual([story.under(10)]);
      expect(last.headers.get("link")).toBeNull();
      expect((await api.get(`${path}&limit=4`)).headers.get("link")).toBeNull();
    });

    test("all that failed by our fault in a span of time is replayed in steps, and nothing else", async () => {
      const story = storyOf();
      await apply(store, story.created(1), story.closed(2), story.message(3));
      const broken = [4, 5, 6, 7].map((receipt) => story.message(receipt));
      for (const accepted of broken) {
        await keepInternalError(store, { ...SIDE_WRITES, accepted, detail: "out of luck" });
      }
      const [first, second, third] = broken.map(({ receipt }) => receipt);
      const queued = async (): Promise<string[]> => {
        const jobs = await api.queue.getJobs(["wait"]);
        const own = jobs.filter((job) =>
          job.data.events.some(({ event }) => conversationIdOf(event) === story.id),
        );
        await Promise.all(own.map((job) => job.remove()));
        return own.flatMap((job) => job.data.events.map(({ receipt }) => receipt)).toSorted();
      };
      const span = `from=${receiptTimestamp(story.under(0))}&to=${receiptTimestamp(story.under(7))}`;
      const step = await api.post(`/rejections/replay?${span}&limit=2`);
      expect(step).toMatchObject({ status: 202, body: { status: "accepted", queued: 2, more: true } });
      expect(await queued()).toEqual([first, second]);
      const last = await api.post(step.next ?? "");
      expect(last).toMatchObject({ status: 202, body: { queued: 1, more: false }, next: null });
      expect(await queued()).toEqual([third]);
    });

    test.each([
      ["", 400, "INVALID_PARAMETER"],
      ["?from=yesterday", 400, "INVALID_PARAMETER"],
      ["?from=2025-02-21T10:20:41Z&cursor=x", 400, "INVALID_PARAMETER"],
      ["?from=2025-02-21T10:20:41Z&reason=CONVERSATION_CLOSED", 409, "NOT_REPLAYABLE"],
    ])("a replay of many that says %j is %i %s", async (query, status, code) => {
      expect(await api.post(`/rejections/replay${query}`)).toMatchObject({ status, body: { code } });
    });

    test("only a fault of ours is replayed: it goes to the queue under its own receipt", async () => {
      const story = storyOf();
      await apply(store, story.created(1), story.closed(2), story.message(3));
      const broken = story.message(4);
      await keepInternalError(store, { ...SIDE_WRITES, accepted: broken, detail: "out of luck" });
      expect(rejections(await api.get(`/rejections?conversation=${story.id}&reason=INTERNAL_ERROR`))).toEqual(
        [expect.objectContaining({ receipt: broken.receipt, detail: "out of luck" })],
      );
      expect(await api.post(`/rejections/${broken.receipt}/replay`)).toMatchObject({
        status: 202,
        body: { status: "accepted", receipt: broken.receipt },
      });
      const jobs = await api.queue.getJobs(["wait"]);
      const queued = jobs.find((job) => job.data.events[0]?.receipt === broken.receipt);
      expect(queued?.data.events).toEqual([{ receipt: broken.receipt, event: broken.event }]);
      await queued?.remove();
      expect(await api.post(`/rejections/${story.under(3)}/replay/`)).toMatchObject({
        status: 409,
        body: { code: "NOT_REPLAYABLE" },
      });
      expect(await api.post(`/rejections/${story.under(9)}/replay`)).toMatchObject({
        status: 404,
        body: { code: "REJECTION_NOT_FOUND" },
      });
    });
  });
});
