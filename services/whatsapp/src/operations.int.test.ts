import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePort } from "../../../test/support/redis-server.ts";
import { startTestWhatsapp, type TestWhatsapp } from "./testing/start.ts";

let port: number;
let whatsapp: TestWhatsapp;
beforeAll(async () => {
  port = await freePort();
  whatsapp = await startTestWhatsapp({
    redisUrl: inject("redisUrl"),
    env: { OPERATIONS_PORT: String(port) },
  });
});
afterAll(() => whatsapp.stop());

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

test("health and readiness are told on both ports, metrics on the one that nothing publishes", async () => {
  const apart = `http://127.0.0.1:${port}`;
  for (const path of ["/healthz", "/readyz"]) {
    expect(await statusOf(`${whatsapp.url}${path}`)).toBe(200);
    expect(await statusOf(`${apart}${path}`)).toBe(200);
  }
  expect(await statusOf(`${whatsapp.url}/metrics`)).toBe(404);
  expect(await (await fetch(`${apart}/metrics`)).text()).toContain("fio_build_info");
});

test("what nobody asked for is a problem", async () => {
  const answer = await fetch(`${whatsapp.url}/nothing`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "NOT_FOUND" });
});
