import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePort } from "../../../test/support/redis-server.ts";
import { startTestIngest, type TestIngest } from "./testing/start.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await startTestIngest({ redisUrl: inject("redisUrl") });
});
afterAll(() => ingest.stop());

test.each([
  ["/healthz", "application/json", '"ok"'],
  ["/readyz", "application/json", '"ready"'],
  ["/metrics", "text/plain", "fio_ingest_accepted_total"],
  ["/openapi.json", "application/json", '"3.1.0"'],
  ["/docs", "text/html", "swagger-ui"],
  ["/docs/", "text/html", "swagger-ui"],
  ["/docs/start.js", "text/javascript", "/openapi.json"],
  ["/docs/swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"],
  ["/docs/swagger-ui.css", "text/css", "swagger-ui"],
])("GET %s answers", async (path, type, holds) => {
  const response = await fetch(`${ingest.url}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain(type);
  expect(await response.text()).toContain(holds);
});

test("on a port of their own, metrics and documentation are nowhere else", async () => {
  const port = await freePort();
  const apart = await startTestIngest({
    redisUrl: inject("redisUrl"),
    env: { OPERATIONS_PORT: String(port) },
  });
  const statusOf = async (url: string) => (await fetch(url)).status;
  for (const path of ["/metrics", "/openapi.json", "/docs", "/docs/swagger-ui.css"]) {
    expect(await statusOf(`${apart.url}${path}`)).toBe(404);
    expect(await statusOf(`http://127.0.0.1:${port}${path}`)).toBe(200);
  }
  for (const path of ["/healthz", "/readyz"]) {
    expect(await statusOf(`${apart.url}${path}`)).toBe(200);
    expect(await statusOf(`http://127.0.0.1:${port}${path}`)).toBe(200);
  }
  expect(await statusOf(`http://127.0.0.1:${port}/webhook/`)).toBe(404);
  await apart.stop();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test("HEAD answers without a body", async () => {
  const response = await fetch(`${ingest.url}/healthz`, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
