import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  conversation,
  counts,
  failedDelivery,
  idOf,
  messageDelivery,
  rejection,
  type AcceptedEvent,
  type Change,
} from "@fio/contracts";
import { z } from "zod";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { applyBatch, type Applied } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { readUndelivered } from "../store/deliveries.ts";
import { takeTurns, type Attempted } from "../store/delivery-turns.ts";
import { tellSeen } from "../store/seen-deliveries.ts";
import { SIDE_WRITES, changesOf, storyOf } from "../store/testing/fixture.ts";
import { startStoredApi, type Api } from "./testing/start-api.ts";

const author = { id: "marina", name: "Marina Alves" };
const sent = { direction: "SENT", author } as const;

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let api: Api;
  beforeAll(async () => {
    ({ store, api, remove } = await startStoredApi(create));
  });
  afterAll(() => remove());

  let clock = 1_000;
  const applyAndDeliver = (...events: AcceptedEvent[]): Promise<Applied> =>
    applyBatch(store, { ...SIDE_WRITES, now: clock, delivers: true, events });
  /** As a deliverer does with the next message of a conversation. */
  const attempt = async (id: string, result: Attempted) => {
    clock += 1_000_000;
    const turn = { now: clock, leaseMs: 1_000 };
    const { taken, announcement: begun } = await takeTurns(store, {
      ...turn,
      turns: [{ conversation: id, attempted: null, next: true }],
    });
    const one = taken.get(id);
    if (one === undefined) throw new Error("nothing is to be sent");
    const attempted = { taken: one, result };
    const { announcement } = await takeTurns(store, {
      ...turn,
      turns: [{ conversation: id, attempted, next: false }],
    });
    return [begun, announcement].flatMap((one) =>
      (one?.entries ?? []).flatMap((entry) => JSON.parse(entry) as Change[]),
    );
  };
  const refused: Attempted = { kind: "failed", reason: "http_410", detail: "131047: the window is over" };
  const deliveriesIn = async (id: string) =>
    conversation
      .parse((await api.get(`/conversations/${id}/`)).body)
      .messages.map(({ delivery }) => delivery);
  const failed = async () => z.array(failedDelivery).parse((await api.get("/deliveries")).body);
  const failedCount = async () => counts.parse((await api.get("/counts")).body).failed_deliveries;
  const retry = (id: string) => api.post(`/deliveries/${id}/retry`);
  const see = (id: string) => api.post(`/deliveries/${id}/seen`);
  /** As a worker does now and then. */
  const toldOfSeen = async () => {
    const told = await tellSeen(store, { now: clock, limit: 10 });
    return (told?.entries ?? []).flatMap((entry) => JSON.parse(entry) as Change[]);
  };

  test("a message tells how it stands with the receiver, in threads and live", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const applied = await applyAndDeliver(story.created(1), story.message(3), message);
    const waiting = { state: "waiting", version: 1 };
    expect(await deliveriesIn(story.id)).toEqual([waiting, undefined]);
    expect(await readUndelivered(store)).toEqual({ waiting: 1, failed: 0, oldestAt: clock });
    const live = changesOf(applied).flatMap((frame) => (frame.event === "message" ? [frame.message] : []));
    expect(live.find(({ id }) => id === idOf(message.event))?.delivery).toEqual(waiting);
    expect(live.filter(({ delivery }) => delivery !== undefined)).toHaveLength(1);
    const delivery = { state: "delivered", version: 2 };
    const of = { conversation_id: story.id, message_id: idOf(message.event) };
    expect(await attempt(story.id, { kind: "delivered" })).toEqual([
      { event: "message_delivery", ...of, delivery },
    ]);
    expect(await deliveriesIn(story.id)).toEqual([delivery, undefined]);
  });

  test("one that was given up is listed with its reason until it is sent once more, which is told", async () => {
    const story = storyOf();
    const message = story.message(2, { ...sent, content: "Seu pedido saiu" });
    const id = idOf(message.event);
    await applyAndDeliver(story.created(1), message);
    expect((await retry(id)).status).toBe(409);
    await attempt(story.id, { kind: "again", dueAt: clock, reason: "http_500", detail: null });
    expect(await deliveriesIn(story.id)).toEqual([{ state: "waiting", version: 1 }]);
    expect(await attempt(story.id, refused)).toContainEqual({ event: "deliveries" });
    const delivery = {
      state: "failed",
      reason: "http_410",
      detail: "131047: the window is over",
      version: 2,
    };
    expect(await deliveriesIn(story.id)).toEqual([delivery]);
    expect(await failed()).toMatchObject([
      {
        message_id: id,
        conversation_id: story.id,
        content: "Seu pedido saiu",
        author,
        attempts: 2,
        delivery,
      },
    ]);
    expect(await failedCount()).toEqual({ count: 1, more: false });
    const retried = await retry(id);
    expect([retried.status, messageDelivery.parse(retried.body)]).toEqual([
      202,
      { state: "waiting", by_hand: true, version: 3 },
    ]);
    expect((await retry(id)).status).toBe(409);
    expect(await failed()).toEqual([]);
    const told = await attempt(story.id, { kind: "delivered" });
    const left = { state: "delivered", by_hand: true, left_at: new Date(clock).toISOString(), version: 4 };
    expect(told.map((frame) => (frame.event === "message_delivery" ? frame.delivery : frame))).toEqual([
      { state: "waiting", by_hand: true, version: 3 },
      // It is in the list no more.
      { event: "deliveries" },
      left,
    ]);
    expect(await deliveriesIn(story.id)).toEqual([left]);
    expect(await failedCount()).toEqual({ count: 0, more: false });
  });

  test("one that was seen to is listed and counted no more, is told as such, and is listed again once it is given up again", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const id = idOf(message.event);
    await applyAndDeliver(story.created(1), message);
    expect((await see(id)).body).toMatchObject({ status: 409, code: "NOT_FAILED" });
    await attempt(story.id, refused);
    const seen = {
      ...{ state: "failed", reason: "http_410", detail: "131047: the window is over" },
      ...{ seen: true, version: 3 },
    };
    const answer = await see(id);
    expect([answer.status, messageDelivery.parse(answer.body)]).toEqual([200, seen]);
    expect([await failed(), await failedCount()]).toEqual([[], { count: 0, more: false }]);
    expect((await readUndelivered(store)).failed).toBe(0);
    // Its conversation goes on showing that it did not leave.
    expect(await deliveriesIn(story.id)).toEqual([seen]);
    const of = { conversation_id: story.id, message_id: id };
    expect(await toldOfSeen()).toEqual([
      { event: "message_delivery", ...of, delivery: seen },
      { event: "deliveries" },
    ]);
    // Once more it changes nothing, and is told to nobody.
    expect((await see(id)).body).toEqual(seen);
    expect(await toldOfSeen()).toEqual([]);

    expect((await retry(id)).body).toEqual({ state: "waiting", by_hand: true, version: 4 });
    expect((await see(id)).status).toBe(409);
    await attempt(story.id, refused);
    expect((await failed()).map(({ message_id, delivery }) => [message_id, delivery.seen])).toEqual([
      [id, undefined],
    ]);
    await see(id);
    await toldOfSeen();
  });

  test("one that was seen to while workers were away is told with how it stands by then", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const id = idOf(message.event);
    await applyAndDeliver(story.created(1), message);
    await attempt(story.id, refused);
    await see(id);
    await retry(id);
    expect(await toldOfSeen()).toContainEqual({
      ...{ event: "message_delivery", conversation_id: story.id, message_id: id },
      delivery: { state: "waiting", by_hand: true, version: 4 },
    });
    await attempt(story.id, { kind: "delivered" });
  });

  test("one that left before a close took it out is told as having left, in the refusal and live", async () => {
    const story = storyOf();
    const [left, kept] = [story.message(5, sent), story.message(6, sent)];
    await applyAndDeliver(story.created(1), left, kept);
    await attempt(story.id, { kind: "delivered" });
    const frames = changesOf(await applyAndDeliver(story.closed(4)));
    const toldOf = (message: AcceptedEvent) =>
      frames.flatMap((frame) =>
        frame.event === "message_delivery" && frame.message_id === idOf(message.event)
          ? [frame.delivery.state]
          : [],
      );
    expect([toldOf(left), toldOf(kept)]).toEqual([["delivered"], ["withdrawn"]]);
    const listed = z.array(rejection).parse((await api.get(`/rejections?conversation=${story.id}`)).body);
    expect(listed.map(({ delivery }) => delivery?.state)).toEqual(["withdrawn", "delivered"]);
    expect((await retry(idOf(kept.event))).status).toBe(409);
  });

  test("one that was given up and is taken out then is in the list no more", async () => {
    const story = storyOf();
    const message = story.message(5, sent);
    await applyAndDeliver(story.created(1), message);
    await attempt(story.id, refused);
    expect(await failedCount()).toEqual({ count: 1, more: false });
    expect(changesOf(await applyAndDeliver(story.closed(4)))).toContainEqual({ event: "deliveries" });
    expect(await failed()).toEqual([]);
    expect((await retry(idOf(message.event))).status).toBe(409);
  });

  test("pages of the list lead on, and unknown ids are told", async () => {
    const story = storyOf();
    const messages = [2, 3, 4].map((receipt) => story.message(receipt, sent));
    await applyAndDeliver(story.created(1), ...messages);
    for (const _ of messages) await attempt(story.id, refused);
    const ids: string[] = [];
    for (let path: string | null = "/deliveries?limit=2"; path !== null;) {
      const answer: Awaited<ReturnType<Api["get"]>> = await api.get(path);
      ids.push(
        ...z
          .array(failedDelivery)
          .parse(answer.body)
          .map(({ message_id }) => message_id),
      );
      path = answer.next;
    }
    expect(ids).toEqual(messages.map(({ event }) => idOf(event)).toReversed());
    expect((await retry(randomUUID())).body).toMatchObject({ status: 404, code: "DELIVERY_NOT_FOUND" });
    expect((await see(randomUUID())).body).toMatchObject({ status: 404, code: "DELIVERY_NOT_FOUND" });
    for (const act of [retry, see]) expect((await act("x")).status).toBe(400);
  });
});
