import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/lib/services.ts";
import { runPostman } from "../support/newman.ts";
import { request } from "../support/client.ts";
import { startSystem, type System } from "../support/system.ts";

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.remove());

type Item = { name: string; item?: Item[]; request?: { method: string; url: { raw: string } } };

async function requests(): Promise<Item[]> {
  const text = await readFile(`${ROOT}postman/fio.postman_collection.json`, "utf8");
  const flat = (items: Item[]): Item[] =>
    items.flatMap((one) => (one.item === undefined ? [one] : flat(one.item)));
  return flat((JSON.parse(text) as { item: Item[] }).item);
}

test("the whole collection passes, twice in a row", async () => {
  const names = (await requests()).map(({ name }) => name);
  for (let round = 0; round < 2; round++) {
    const {
      failures,
      requests: sent,
      assertions,
    } = await runPostman("local", {
      ingest_url: system.ingestUrl,
      api_url: system.apiUrl,
      ingest_operations_url: system.ingestUrl,
      api_operations_url: system.apiUrl,
    });
    expect(failures).toEqual([]);
    expect(sent).toEqual(names);
    expect(assertions).toBeGreaterThan(names.length);
  }
}, 240_000);

test("every call that the services document is in it", async () => {
  const called = (await requests()).map(({ request: call }) => {
    const path = (call?.url.raw ?? "").replace(/\?.*$/, "").replace(/\/$/, "");
    return `${call?.method} ${path.replace(/^\{\{(\w+?)(?:_operations)?_url\}\}/, "$1 ")}`;
  });
  for (const [service, url] of [
    ["ingest", system.ingestUrl],
    ["api", system.apiUrl],
  ]) {
    const { body } = await request<{ paths: Record<string, Record<string, unknown>> }>(`${url}/openapi.json`);
    for (const [path, methods] of Object.entries(body.paths)) {
      const pattern = path.replace(/\/$/, "").replace(/\{\w+\}/g, "[^/]+");
      for (const method of Object.keys(methods)) {
        const fits = new RegExp(`^${method.toUpperCase()} ${service} ${pattern}$`);
        expect(
          called.some((call) => fits.test(call)),
          `${method} ${service} ${path}`,
        ).toBe(true);
      }
    }
  }
});
