import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { migrate } from "../../services/conversations/src/store/migrate.ts";
import {
  conversationId,
  fillLopsided,
  messageId,
} from "../../services/conversations/src/store/testing/lopsided.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { newMessage, startApp, type App } from "./support/app.ts";
import { isLive, threadOf } from "./support/page.ts";

let app: App;
let directory: string;
const MESSAGES = 100_000;
const id = conversationId(0);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "fio-anywhere-"));
  const databaseUrl = `sqlite:${join(directory, "fio.db")}`;
  const store = openStore(databaseUrl);
  await migrate(store);
  await fillLopsided(store, {
    conversations: 1,
    messages: MESSAGES,
    unapplied: 0,
    now: Date.now() - 3_600_000,
  });
  await store.write("conversations").update({ state: "OPEN", closed_at: null, closed_receipt: null });
  await store.close();
  app = await startApp({ databaseUrl });
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(directory, { recursive: true, force: true });
});

const messageOf = (page: Page, n: number) => threadOf(page).locator(`[data-message="${messageId(n)}"]`);
const isInView = (page: Page, n: number): Promise<boolean> =>
  messageOf(page, n).evaluateAll((elements) =>
    elements.some((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top > 60 && bottom < innerHeight;
    }),
  );
const topOf = (page: Page, n: number) =>
  messageOf(page, n).evaluate((element) => Math.round(element.getBoundingClientRect().top));

test("a link to any message of a thread of 100,000 opens there, and stays while others arrive", async () => {
  const { page, faults } = await app.agents.agent();
  for (const n of [31_234, 77, 99_400]) {
    await page.goto(`/conversations/${id}?message=${messageId(n)}`);
    await expect.poll(() => isInView(page, n)).toBe(true);
    await isLive(page);
    const top = await topOf(page, n);
    await app.post(newMessage(id, `enquanto se lê ${n}`));
    await page.getByRole("button", { name: /nova mensagem/ }).waitFor();
    expect(await topOf(page, n)).toBe(top);
  }
  await page.getByRole("button", { name: /nova mensagem/ }).click();
  await threadOf(page).getByText("enquanto se lê 99400").waitFor();
  await expect.poll(() => threadOf(page).evaluate((element) => Math.abs(element.scrollTop) < 2)).toBe(true);
  expect(faults).toEqual([]);
}, 60_000);

test("a date leads to its first message", async () => {
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const dialog = page.getByRole("dialog", { name: "Ir para uma data" });
  const isShown = async (day: string): Promise<void> => {
    await dialog.waitFor({ state: "detached" });
    const date = new Intl.DateTimeFormat("pt-BR", { day: "numeric", month: "long", timeZone: "UTC" });
    const title = threadOf(page).getByRole("heading", { name: date.format(Date.parse(day)) });
    await expect.poll(() => title.isVisible()).toBe(true);
    const box = await title.boundingBox();
    expect(box !== null && box.y > 60 && box.y < 800).toBe(true);
  };
  const dayAgo = (days: number): string =>
    new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  // By the pointer in the browser's calendar, whose choice is a change without a key.
  await threadOf(page).getByRole("button", { name: "Ir para uma data" }).last().click();
  await dialog.getByLabel("Data").fill(dayAgo(200));
  await isShown(dayAgo(200));
  expect(await violationsInBothThemes(page)).toEqual([]);
  // By keys alone: two to ask, the date, Enter.
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await dialog.getByLabel("Data").and(page.locator(":focus")).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  const [year, month, day] = dayAgo(100).split("-");
  await page.keyboard.type(`${month}${day}${year}`);
  await page.keyboard.press("Enter");
  await isShown(dayAgo(100));
  expect(faults).toEqual([]);
});
