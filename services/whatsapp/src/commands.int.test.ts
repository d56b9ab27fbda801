import { spawn } from "node:child_process";
import { Redis } from "ioredis";
import { expect, inject, test, vi } from "vitest";
import { startGraphApi } from "../../../test/support/graph-api/graph-api.ts";
import { createPrices, priceIn } from "./outbound/prices.ts";

// Each is a process that starts.
vi.setConfig({ testTimeout: 120_000 });

/** Exit code and all that was written. */
const run = (name: string, args: string[], env: Record<string, string>) =>
  new Promise<{ code: number | null; text: string }>((resolve) => {
    const entry = new URL(name, import.meta.url).pathname;
    const child = spawn(process.execPath, [entry, ...args], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
    }
    child.once("close", (code) => resolve({ code, text }));
  });

test("whatsapp:try asks who a number is, sends a text, and tells what Meta says; never the token", async () => {
  const token = "EAAG-a-token-that-nobody-sees";
  const api = await startGraphApi({ token });
  const env = { GRAPH_URL: api.url, WHATSAPP_TOKEN: token, WHATSAPP_NUMBERS: "106540352242922" };
  const sent = await run("try.ts", ["--to", "+55 11 91234-5678", "Bom dia!"], env);
  expect(sent.text).toContain("Padaria Aurora");
  expect(sent).toMatchObject({ code: 0, text: expect.stringContaining('"kind":"accepted"') as string });
  expect(api.phone).toMatchObject([{ to: "5511912345678", text: "Bom dia!" }]);
  api.useToken("another");
  const refused = await run("try.ts", ["--to", "5511912345678"], env);
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('"code":190') as string });
  expect(sent.text + refused.text).not.toContain(token);
  await api.close();
});

test("whatsapp:prices tells a month by number", async () => {
  const redis = new Redis(inject("redisUrl"));
  const status = {
    id: `wamid.${Date.now()}`,
    status: "delivered",
    timestamp: String(Date.UTC(2099, 4, 1) / 1_000),
    pricing: { billable: false, type: "free_customer_service", category: "service" },
  };
  await createPrices(redis).count("106540352242922", priceIn(status)!);
  const { code, text } = await run("prices.ts", ["2099-05"], { REDIS_URL: inject("redisUrl") });
  expect(text).toContain("2099-05,106540352242922,service,free_customer_service,false,1,,\n");
  expect(code).toBe(0);
  expect(await run("prices.ts", ["May"], { REDIS_URL: inject("redisUrl") })).toMatchObject({
    code: 1,
    text: "the month must be written as in 2026-11\n",
  });
  await redis.quit();
});
