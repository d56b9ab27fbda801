import { afterAll, beforeAll, expect, inject, test } from "vitest";
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

test("HEAD answers without a body", async () => {
  const response = await fetch(`${ingest.url}/healthz`, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
