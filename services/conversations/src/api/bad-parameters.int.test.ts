import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { startApi, type Api } from "./testing/start-api.ts";

const ID = randomUUID();
const RECEIPT = "1740133242349308";
const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString("base64url");
const ONE_KEY = cursor([RECEIPT]);
const MESSAGE_KEY = cursor(["2025-02-21T10:20:42.349308Z", RECEIPT]);
const ACTIVITY_KEY = cursor(["2025-02-21T10:20:42.349308Z", ID]);

/** Neither a date nor a time that there is. */
const BAD_MOMENTS = [
  ...["", "today", "2025", "2025-02", "2025-02-30", "2025-13-01", "2025-02-21T25:00:00", "1740133242349"],
  // A + that is not escaped is a space.
  ...["2025-02-21+03:00", "2025-02-21-99:00", "2025-02-21T10:20:42+03:00", "2025-02-21&at=2025-02-22"],
];

/** The path that is asked for, and the parameter at fault. */
const BAD: Array<[path: string, parameter: string]> = [
  ...["0", "-1", "1001", "1.5", "1e2", "ten", "", "%2050", "0x10", "99999999999999999999"].flatMap(
    (limit): Array<[string, string]> => [
      [`/conversations/?limit=${limit}`, "limit"],
      [`/conversations/${ID}/?limit=${limit}`, "limit"],
      [`/conversations/${ID}/events?limit=${limit}`, "limit"],
      [`/rejections?limit=${limit}`, "limit"],
      [`/search?q=ola&limit=${limit}`, "limit"],
    ],
  ),
  ["/search?q=ola&limit=101", "limit"],
  ["/conversations/?limit=1&limit=2", "limit"],

  ["/conversations/?state=open", "state"],
  ["/conversations/?state=", "state"],
  ["/conversations/?state=OPEN,CLOSED", "state"],
  ["/conversations/?state=OPEN&state=CLOSED", "state"],
  ["/conversations/?state=%00", "state"],
  ["/conversations/?waiting=false", "waiting"],
  ["/conversations/?waiting=", "waiting"],
  ["/conversations/?waiting=true&waiting=true", "waiting"],
  ["/conversations/?order=longest", "order"],
  ["/conversations/?order=oldest&order=oldest", "order"],
  ["/counts?state=OPEN", "state"],

  ...["", "x", "%25", "%F0%9F%98%80", cursor("text"), cursor(null), cursor({}), cursor([])].flatMap(
    (bad): Array<[string, string]> => [
      [`/conversations/?cursor=${bad}`, "cursor"],
      [`/conversations/${ID}/?before=${bad}`, "before"],
      [`/conversations/${ID}/?after=${bad}`, "after"],
      [`/conversations/${ID}/events?cursor=${bad}`, "cursor"],
      [`/rejections?cursor=${bad}`, "cursor"],
      [`/search?q=ola&cursor=${bad}`, "cursor"],
    ],
  ),
  [`/conversations/?cursor=${MESSAGE_KEY}`, "cursor"],
  [`/conversations/?cursor=${ACTIVITY_KEY}&cursor=${ACTIVITY_KEY}`, "cursor"],
  [`/conversations/?cursor=${cursor(["2025-02-30T10:20:42.349308Z", ID])}`, "cursor"],
  [`/conversations/?cursor=${cursor(["2025-02-21T10:20:42.349308", ID])}`, "cursor"],
  [`/conversations/?cursor=${cursor(["2025-02-21T10:20:42.349308Z", ID, 1])}`, "cursor"],
  [`/conversations/?cursor=${cursor(["2025-02-21T10:20:42.349308Z", "'; drop table"])}`, "cursor"],
  [`/conversations/${ID}/?before=${ACTIVITY_KEY}`, "before"],
  [`/conversations/${ID}/?before=${ONE_KEY}`, "before"],
  [`/conversations/${ID}/?after=${ACTIVITY_KEY}`, "after"],
  ...["", "none", `${ID}0`, `${ID}&around=${ID}`].map((around): [string, string] => [
    `/conversations/${ID}/?around=${around}`,
    "around",
  ]),
  ...BAD_MOMENTS.map((at): [string, string] => [`/conversations/${ID}/?at=${at}`, "at"]),
  // A page has one place.
  [`/conversations/${ID}/?before=${MESSAGE_KEY}&after=${MESSAGE_KEY}`, "after"],
  [`/conversations/${ID}/?around=${ID}&before=${MESSAGE_KEY}`, "around"],
  [`/conversations/${ID}/?around=${ID}&at=2025-02-21`, "at"],
  [`/conversations/${ID}/?after=${MESSAGE_KEY}&at=2025-02-21`, "at"],
  [`/conversations/${ID}/events?cursor=${MESSAGE_KEY}`, "cursor"],
  [`/rejections?cursor=${cursor([Number(RECEIPT)])}`, "cursor"],
  [`/search?q=ola&cursor=${ONE_KEY}`, "cursor"],

  ["/conversations/none/", "id"],
  ["/conversations/6a41b347-8d80-4ce9-84ba-7af66f369f6/", "id"],
  [`/conversations/{${ID}}/`, "id"],
  [`/conversations/${ID}%00/`, "id"],
  ["/conversations/none/events", "id"],
  ["/events/NEW_MESSAGE/none", "id"],
  [`/events/new_message/${ID}`, "type"],
  [`/events/DELETE_MESSAGE/${ID}`, "type"],
  [`/events/__proto__/${ID}`, "type"],

  ["/rejections?conversation=none", "conversation"],
  ["/rejections?conversation=", "conversation"],
  [`/rejections?conversation=${ID}&conversation=${ID}`, "conversation"],
  ["/rejections?reason=closed", "reason"],
  ["/rejections?reason=", "reason"],
  ["/rejections?reason=INTERNAL_ERROR,CONVERSATION_CLOSED", "reason"],
  ["/rejections?reason=INTERNAL_ERROR&reason=closed", "reason"],
  ["/rejections?reason=&reason=INTERNAL_ERROR", "reason"],

  ["/search", "q"],
  ["/search?q=", "q"],
  ["/search?q=%20%20", "q"],
  ["/search?q=%3F%21%22%27*", "q"],
  ["/search?q=a&q=b", "q"],
  [`/search?q=${"a".repeat(1_001)}`, "q"],

  ["/search?q=ola&state=open", "state"],
  ["/search?q=ola&direction=received", "direction"],
  ["/search?q=ola&direction=SENT&direction=RECEIVED", "direction"],
  ["/search?q=ola&kind=messages", "kind"],
  ["/search?q=ola&group=day", "group"],
  ...BAD_MOMENTS.map((from): [string, string] => [
    `/search?q=ola&from=${from.replace("&at=", "&from=")}`,
    "from",
  ]),
  ...BAD_MOMENTS.map((to): [string, string] => [`/search?q=ola&to=${to.replace("&at=", "&to=")}`, "to"]),
  // Nothing is between them.
  ["/search?q=ola&from=2025-02-21&to=2025-02-20", "to"],
  ["/search?q=ola&from=2025-02-21T10:00:00&to=2025-02-21T10:00:00Z", "to"],
  // What only messages have.
  ...["direction=SENT", "from=2025-02-21", "to=2025-02-21", "group=conversation"].map(
    (filter): [string, string] => [`/search?q=ola&kind=conversation&${filter}`, filter.split("=")[0] ?? ""],
  ),
  [`/search?q=ola&kind=conversation&cursor=${MESSAGE_KEY}`, "cursor"],
  [`/search?q=ola&cursor=${ACTIVITY_KEY}`, "cursor"],
  ["/stream?conversation=none", "conversation"],
  ["/stream?conversation=", "conversation"],
  [`/stream?conversation=${ID}&conversation=none`, "conversation[1]"],
  [`/stream?${Array.from({ length: 21 }, () => `conversation=${randomUUID()}`).join("&")}`, "conversation"],
  ...["", "0", "x-y", "-1-0", "1-2-3", "%24", "1-99999999999999999999", ID].map((after): [string, string] => [
    `/stream?after=${after}`,
    "after",
  ]),
  ["/stream?after=1-0&after=2-0", "after"],

  ["/conversations/%E0%A4%A/", "path"],

  // One that is misspelt must not give everything.
  ["/conversations/?status=CLOSED", "status"],
  ["/conversations/?State=CLOSED", "State"],
  ["/conversations/?state[]=CLOSED", "state[]"],
  ["/conversations/?=", ""],
  ["/conversations/?__proto__=x", "__proto__"],
  ["/conversations/?constructor=x", "constructor"],
  [`/conversations/${ID}/?cursor=${MESSAGE_KEY}`, "cursor"],
  [`/conversations/${ID}/events?before=${ONE_KEY}`, "before"],
  [`/events/NEW_MESSAGE/${ID}?limit=1`, "limit"],
  ["/rejections?type=NEW_MESSAGE", "type"],
  ["/search?q=ola&status=OPEN", "status"],
  ["/stream?conversations=x", "conversations"],
];

let api: Api;
let remove: () => Promise<void>;
beforeAll(async () => {
  const { store, remove: removeStore } = await migratedStore(sqliteDatabase);
  api = await startApi({ store, redisUrl: inject("redisUrl") });
  remove = async () => {
    await api.close();
    await removeStore();
  };
});
afterAll(() => remove());

test.each(BAD)("GET %s is refused, and %s is named", async (path, parameter) => {
  const { status, headers, body } = await api.get(path);
  expect(status).toBe(400);
  expect(headers.get("content-type")).toMatch("application/problem+json");
  expect(body).toMatchObject({
    type: "urn:fio:problem:INVALID_PARAMETER",
    status: 400,
    code: "INVALID_PARAMETER",
    errors: [{ path: parameter }],
  });
});

test("whoever gives an unknown parameter is told the known ones, and what else is wrong", async () => {
  const message = "is not known: allowed are state, waiting, assigned, order, limit, cursor";
  expect((await api.get("/conversations/?status=CLOSED&q=&limit=0")).body).toMatchObject({
    errors: [{ path: "status", message }, { path: "q", message }, { path: "limit" }],
  });
  expect((await api.post(`/rejections/${RECEIPT}/replay?now=1`)).body).toMatchObject({
    code: "INVALID_PARAMETER",
    errors: [{ path: "now", message: "is not known: this route takes none" }],
  });
});

test.each(["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"])(
  "%s ignores what it is asked beside",
  async (path) => {
    const response = await fetch(`${api.url}${path}?verbose=1`);
    await response.text();
    expect(response.status).toBe(200);
  },
);

test("every parameter at fault is named", async () => {
  const { body } = await api.get("/rejections?limit=0&reason=x&conversation=y");
  const { errors } = body as { errors: Array<{ path: string }> };
  expect(errors.map(({ path }) => path).toSorted()).toEqual(["conversation", "limit", "reason"]);
});

test.each(["x", "1", "1-", "5 - 5"])("a Last-Event-ID of %s is refused", async (id) => {
  expect(await api.get("/stream", { "Last-Event-ID": id })).toMatchObject({
    status: 400,
    body: { code: "INVALID_PARAMETER", errors: [{ path: "Last-Event-ID" }] },
  });
});

test.each(["x", "17401332423493081", "174013324234930", "-740133242349308"])(
  "a receipt of %s is refused",
  async (receipt) => {
    expect(await api.post(`/rejections/${receipt}/replay`)).toMatchObject({
      status: 400,
      body: { code: "INVALID_PARAMETER", errors: [{ path: "receipt" }] },
    });
  },
);

describe("what does not exist", () => {
  test.each([
    ["POST", "/conversations/", "GET, HEAD"],
    ["DELETE", `/conversations/${ID}`, "GET, HEAD"],
    ["PUT", `/conversations/${ID}/events`, "GET, HEAD"],
    ["PATCH", `/events/NEW_MESSAGE/${ID}`, "GET, HEAD"],
    ["POST", "/search?q=a", "GET, HEAD"],
    ["POST", "/rejections", "GET, HEAD"],
    ["GET", `/rejections/${RECEIPT}/replay`, "POST"],
    ["POST", "/stream", "GET, HEAD"],
  ])("%s %s is no method of the route", async (method, path, allow) => {
    const response = await fetch(`${api.url}${path}`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED" });
  });

  test.each([
    "/",
    "/conversation",
    `/conversations/${ID}/messages`,
    "/events",
    "/rejections/x/y",
    "//stream",
  ])("%s is no route", async (path) => {
    expect(await api.get(path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  });
});

test("HEAD answers without a body, also on the stream", async () => {
  for (const path of ["/conversations/", "/stream"]) {
    const response = await fetch(`${api.url}${path}`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  }
});

test("after all of this it still answers", async () => {
  expect(await api.get("/conversations/")).toMatchObject({ status: 200, body: [] });
});
