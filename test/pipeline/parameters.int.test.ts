import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, request, type Client } from "../support/client.ts";
import { creation } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";

let system: System;
let fio: Client;

beforeAll(async () => {
  system = await startSystem();
  fio = clientOf(system);
});
afterAll(() => system.remove());

const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

describe("a parameter out of range is refused, and named", () => {
  test.each([
    ["/conversations/?state=HALF_OPEN", "state"],
    ["/conversations/?state=open", "state"],
    ["/conversations/?status=CLOSED", "status"],
    ["/conversations/?limit=0", "limit"],
    ["/conversations/?limit=-1", "limit"],
    ["/conversations/?limit=1.5", "limit"],
    ["/conversations/?limit=many", "limit"],
    ["/conversations/?limit=100000", "limit"],
    ["/conversations/?limit=1&limit=2", "limit"],
    ["/conversations/?cursor=nonsense", "cursor"],
    ["/conversations/?cursor=%00", "cursor"],
    [`/conversations/${id}/?limit=0`, "limit"],
    [`/conversations/${id}/?limit=1001`, "limit"],
    [`/conversations/${id}/?limit=1e3x`, "limit"],
    [`/conversations/${id}/?before=nonsense`, "before"],
    [`/conversations/${id}/events?cursor=nonsense`, "cursor"],
    ["/conversations/not-a-uuid/", "id"],
    ["/conversations/not-a-uuid/events", "id"],
    [`/events/NEW_THING/${id}`, "type"],
    ["/events/NEW_MESSAGE/not-a-uuid", "id"],
    ["/rejections?conversation=not-a-uuid", "conversation"],
    ["/rejections?reason=BAD_LUCK", "reason"],
    ["/rejections?cursor=nonsense", "cursor"],
  ])("GET %s", async (path, parameter) => {
    const { status, body, headers } = await request<{ code: string; errors: Array<{ path: string }> }>(
      `${system.apiUrl}${path}`,
    );
    expect(body.code).toBe("INVALID_PARAMETER");
    expect(status).toBe(400);
    expect(headers.get("content-type")).toContain("application/problem+json");
    expect(body.errors.map((fault) => fault.path)).toContain(parameter);
  });

  test("POST /rejections/{receipt}/replay with what is no receipt", async () => {
    const url = `${system.apiUrl}/rejections/12/replay`;
    expect(await request(url, { method: "POST" })).toMatchObject({
      status: 400,
      body: { code: "INVALID_PARAMETER", errors: [{ path: "receipt" }] },
    });
  });
});

test.each(["wait", "wait=0", "wait=-1", "wait=soon", "respond-async", "wait=1.5"])(
  "a preference that cannot be honoured (%s) is ignored, as RFC 7240 asks",
  async (prefer) => {
    const answer = await request(`${system.ingestUrl}/webhook/`, {
      body: creation(randomUUID()),
      headers: { prefer },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("preference-applied")).toBeNull();
  },
);

test("a wait of more than 30 s counts as 30", async () => {
  const answer = await request(`${system.ingestUrl}/webhook/`, {
    body: creation(randomUUID()),
    headers: { prefer: "wait=31" },
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("preference-applied")).toBe("wait=30");
});

test("a path counts with and without its closing slash", async () => {
  for (const path of ["/conversations/", "/conversations?limit=1", "/rejections/"]) {
    expect((await fio.get(path)).status).toBe(200);
  }
  expect((await fio.get(`/conversations/${id}`)).status).toBe(404);
});
