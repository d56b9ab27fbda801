import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const LOADING_MS = 400;
const SLOW = { timeout: 15_000 };

/** An agent in a conversation whose field has the focus, on a slow machine that has yet to load whatever opens. */
async function slowAgent(): Promise<{ page: Page; end: () => Promise<void> }> {
  const id = await app.conversation("Oi, alguma novidade?");
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await context.route("**/assets/*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LOADING_MS));
    await route.continue();
  });
  const machine = await context.newCDPSession(page);
  await machine.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await replyField(page).click();
  return { page, end: () => context.close() };
}

/** One after the other, as fast as a machine types. */
async function strike(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    if (key.length === 1 || /^(Control\+|Arrow|Enter|Tab|Escape)/.test(key)) await page.keyboard.press(key);
    else for (const letter of key) await page.keyboard.press(letter);
  }
}

const nothingWasSent = async (page: Page): Promise<void> => {
  await expect.poll(() => threadOf(page).locator("[data-message]").count()).toBe(1);
};
/** Hidden from others while a dialog is open. */
const draft = (page: Page) => page.locator("#reply");
const manager = (page: Page) => page.getByRole("dialog", { name: "Respostas prontas" });

test("Enter right after / is for the ready answers, and is never sent", async () => {
  const { page, end } = await slowAgent();
  await strike(page, "/", "Enter");
  await manager(page).waitFor();
  await expect.poll(() => draft(page).inputValue()).toBe("");
  await nothingWasSent(page);
  await end();
});

test("a command is typed into the palette and chosen in one go, and what follows is for what it opens", async () => {
  const { page, end } = await slowAgent();
  await strike(page, "um rascunho", "Control+k", "respostas pr", "Enter", "Escape", " e mais");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("um rascunho e mais");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await strike(page, "Control+k", "respostas pr", "Enter");
  await manager(page).waitFor();
  await nothingWasSent(page);
  await end();
});

test("keys choose in the palette before it is there", async () => {
  const { page, end } = await slowAgent();
  await strike(page, "Control+k", "respostas pr", "ArrowDown", "ArrowUp", "Enter");
  await manager(page).waitFor();
  await nothingWasSent(page);
  await end();
});

test("letters and Enter right after the key of the emoji find one, and Enter after it sends", async () => {
  const { page, end } = await slowAgent();
  await strike(page, "Tudo certo ", "Control+.", "joinha", "Enter", "Enter");
  await threadOf(page).getByText("Tudo certo 👍").waitFor();
  await expect.poll(() => draft(page).inputValue()).toBe("");
  await end();
});

test("Enter held down after the key that asks about a close answers the question with No, and sends nothing", async () => {
  const { page, end } = await slowAgent();
  await strike(page, "um rascunho", "Control+k", "fechar con", "Enter", "Enter", "Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id), SLOW).toBe("reply");
  await strike(page, "!");
  await expect.poll(() => draft(page).inputValue(), SLOW).toMatch(/^um rascunho/);
  await end();
});
