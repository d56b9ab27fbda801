import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serviceProcess } from "../support/service-process.ts";

test("the web app sends the first of API_TOKENS, also outside production", async () => {
  const heard: Array<string | undefined> = [];
  const api = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const { port } = api.address() as AddressInfo;
  const dataDir = await mkdtemp(join(tmpdir(), "fio-web-"));
  const env = {
    API_URL: `http://127.0.0.1:${port}`,
    API_TOKENS: "the-first-of-two-tokens, the-second-of-two-tokens",
  };
  const web = await serviceProcess({ service: "web", dataDir, env });
  await web.start();
  await (await fetch(`${web.url}/`)).text();
  await web.stop();
  api.close();
  await rm(dataDir, { recursive: true, force: true });
  expect(heard.length).toBeGreaterThan(0);
  expect(new Set(heard)).toEqual(new Set(["Bearer the-first-of-two-tokens"]));
});
