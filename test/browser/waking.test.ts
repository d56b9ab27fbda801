import { afterAll, beforeAll, expect, test } from "vitest";
import { cuttable, type Cuttable } from "../support/cuttable.ts";
import { newMessage, startApp, type App } from "./support/app.ts";
import { isLive, threadOf } from "./support/page.ts";

let app: App;
let network: Cuttable;
beforeAll(async () => {
  app = await startApp();
  network = await cuttable(app.system.webUrl);
});
afterAll(async () => {
  await network.close();
  await app.end();
});

const alone = {
  before: (context: { addInitScript: (script: string) => Promise<unknown> }) =>
    context.addInitScript("delete globalThis.SharedWorker"),
};

// The one waits for most of a minute.
test.concurrent(
  "connections that hang without an error are noticed, and nothing is missed",
  { timeout: 90_000 },
  async () => {
    const id = await app.conversation("Bom dia!");
    const { page, faults } = await app.agents.agent({ base: network.url });
    await page.goto(`/conversations/${id}`);
    await isLive(page);
    network.hangOpen();
    await app.post(newMessage(id, "Alguém aí?"));
    // No heartbeat for 35 s.
    await threadOf(page).getByText("Alguém aí?").waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
  },
);

test.concurrent("a tab that was frozen shows what came meanwhile as soon as it is seen again", async () => {
  const id = await app.conversation("Bom dia!");
  const { page, context, faults } = await app.agents.agent(alone);
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const browser = await context.newCDPSession(page);
  await browser.send("Page.setWebLifecycleState", { state: "frozen" });
  await app.post(newMessage(id, "Escrita enquanto a aba dormia"));
  await browser.send("Page.setWebLifecycleState", { state: "active" });
  await threadOf(page).getByText("Escrita enquanto a aba dormia").waitFor();
  await expect.poll(() => threadOf(page).getByText("Escrita enquanto a aba dormia").count()).toBe(1);
  expect(faults).toEqual([]);
});
