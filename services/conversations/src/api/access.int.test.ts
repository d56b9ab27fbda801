import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { startApi, type Api } from "./testing/start-api.ts";

let store: Store;
let remove: () => Promise<void>;
beforeAll(async () => ({ store, remove } = await migratedStore(sqliteDatabase)));
afterAll(() => remove());

describe("where tokens are set", () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi({ store, redisUrl: inject("redisUrl"), tokens: ["first-token", "second-token"] });
  });
  afterAll(() => api.close());

  test.each(["Bearer first-token", "Bearer second-token", "bearer  first-token "])(
    "%s lets a reader in",
    async (authorization) => {
      expect((await api.get("/conversations/", { authorization })).status).toBe(200);
    },
  );

  test.each([
    [{}],
    [{ authorization: "Bearer third-token" }],
    [{ authorization: "Bearer first-toke" }],
    [{ authorization: "Bearer first-token2" }],
    [{ authorization: "Bearer " }],
    [{ authorization: "Bearer first-token,second-token" }],
    [{ authorization: "Basic first-token" }],
    [{ authorization: "first-token" }],
  ])("%j does not, on any data route", async (headers) => {
    for (const path of ["/conversations/", "/counts", "/rejections", "/search?q=a", "/stream", "/nowhere"]) {
      const answer = await api.get(path, headers);
      expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="fio"/);
    }
  });

  test("the operations routes stay open: they tell no data, and whoever watches needs no token", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"]) {
      expect([path, (await api.get(path)).status]).toEqual([path, 200]);
    }
  });
});

test("where anonymous reads are allowed, a token is not looked at", async () => {
  const api = await startApi({ store, redisUrl: inject("redisUrl"), tokens: null });
  try {
    expect((await api.get("/conversations/")).status).toBe(200);
    expect((await api.get("/conversations/", { authorization: "Bearer any" })).status).toBe(200);
  } finally {
    await api.close();
  }
});
