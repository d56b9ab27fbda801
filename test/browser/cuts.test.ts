import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf } from "@fio/contracts";
import { seeded } from "../support/random.ts";
import { cuttable, type Cuttable } from "../support/cuttable.ts";
import { newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

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

const EVENTS = 2_000;
const CUTS = 20;
const CONVERSATIONS = 8;
const SEED = 20_260_514;

const storedIds = async (id: string): Promise<string[]> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/?limit=1000`);
  return ((await answer.json()) as { messages: { id: string }[] }).messages.map((message) => message.id);
};
/** All messages of the thread from the first on: in a window so high that every one is drawn. */
const shownIds = (page: Page): Promise<string[]> =>
  threadOf(page)
    .locator("[data-message]")
    .evaluateAll((all) => all.map((one) => one.dataset["message"] ?? ""));
const mark = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.setAttribute("data-since", "the beginning");
  });
const isTheSamePage = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.getAttribute("data-since") === "the beginning");

test("after 20 cuts of the network during 2,000 events every tab shows what the store holds, in its order, without a reload", async () => {
  const random = seeded(SEED);
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
  const [first = "", second = ""] = ids;
  await app.post(...ids.flatMap((id) => [newConversation(id), newMessage(id, "Bom dia!")]));

  const base = network.url;
  const expected = /ERR_|Failed to load|503/;
  const one = await app.agents.agent({ base, expected });
  const two = await app.agents.agent({
    base,
    expected,
    before: (context) => context.addInitScript("delete globalThis.SharedWorker"),
  });
  const tabs = [
    { page: one.page, id: first },
    { page: await one.context.newPage(), id: second },
    { page: two.page, id: first },
  ];
  for (const { page, id } of tabs) {
    await page.goto(`/conversations/${id}`);
    await isLive(page);
    await mark(page);
  }

  let done = false;
  const post = async (): Promise<void> => {
    for (let sent = 0; sent < EVENTS;) {
      const batch = Array.from({ length: Math.min(EVENTS - sent, 1 + random.int(20)) }, (_, index) =>
        newMessage(ids[random.int(ids.length)] ?? "", `Mensagem ${sent + index + 1}`, {
          direction: random.chance(0.5) ? "SENT" : "RECEIVED",
          // Some are late, and belong further up.
          timestamp: timestampOf(Date.now() - (random.chance(0.1) ? random.int(30_000) : 0)),
        }),
      );
      await app.post(...batch);
      sent += batch.length;
      await sleep(random.int(150));
    }
    done = true;
  };
  let hit = 0;
  const cut = async (): Promise<void> => {
    while (hit < CUTS) {
      await sleep(100 + random.int(700));
      // A cut while the last one is not over yet would hit nothing.
      if (network.open() === 0) continue;
      hit += 1;
      const way = random.pick(["cut", "refuse", "hang", "mid-frame"] as const);
      if (way === "cut") network.cut();
      else if (way === "refuse") network.refuse();
      else if (way === "hang") network.hang();
      else network.cutAfter(random.int(2_000));
      await sleep(random.int(600));
      network.heal();
    }
  };
  const typed = Array.from({ length: 8 }, (_, index) => `Resposta ${index + 1} durante as quedas`);
  const answer = async (): Promise<void> => {
    for (const text of typed) {
      await replyField(one.page).fill(text);
      await replyField(one.page).press("Enter");
      await threadOf(one.page).getByText(text).waitFor();
      await sleep(random.int(1_500));
    }
  };
  await Promise.all([post(), cut(), answer()]);
  expect({ done, hit }).toEqual({ done: true, hit: CUTS });

  for (const { page } of tabs) await page.setViewportSize({ width: 1_440, height: 40_000 });
  for (const { page, id } of tabs) {
    await isLive(page);
    await expect
      .poll(async () => (await shownIds(page)).join(), { timeout: 40_000 })
      .toBe((await storedIds(id)).join());
    expect(await isTheSamePage(page)).toBe(true);
  }
  const answers = await threadOf(one.page)
    .getByText(/^Resposta \d durante as quedas$/)
    .allTextContents();
  expect(answers).toEqual(typed);
  expect([...one.faults, ...two.faults]).toEqual([]);
}, 240_000);
