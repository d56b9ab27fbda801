import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.end();
});

const palette = (page: Page) => page.getByRole("dialog", { name: "Comandos" });
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");

test("Esc from the palette, and from the sheet, gives the focus back: what is typed next is text, where it was", async () => {
  const id = await app.conversation("Bom dia, ainda não chegou");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await replyField(page).click();
  await page.keyboard.type("Vou ver");
  // The second time its code is there already.
  for (const [round, text] of ["", " ec", " ec jn"].entries()) {
    await page.keyboard.press("Control+k");
    await palette(page).waitFor();
    await page.keyboard.type("fech");
    await page.keyboard.press(round === 1 ? "Control+k" : "Escape");
    await palette(page).waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("reply");
    await expect.poll(() => replyField(page).inputValue()).toBe(`Vou ver${text}`);
    await page.keyboard.type([" ec", " jn", ""][round] ?? "");
  }
  expect(await page.getByRole("alertdialog").count()).toBe(0);
  expect(new URL(page.url()).pathname).toBe(`/conversations/${id}`);
  await page.getByRole("button", { name: "Atalhos" }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Atalhos" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Atalhos");
  expect(faults).toEqual([]);
});

test("Ctrl+Enter sends, opens another who waits, and its field has the focus", async () => {
  const first = await app.conversation("primeira pergunta");
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${first}`);
  await isLive(page);
  const second = randomUUID();
  await app.post(newConversation(second), newMessage(second, "segunda pergunta"));
  await page.getByRole("link", { name: /segunda pergunta/ }).waitFor();
  await replyField(page).click();
  await page.keyboard.type("resposta à primeira");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL((url) => url.pathname !== `/conversations/${first}`);
  await expect.poll(() => focused(page)).toBe("reply");
  await expect.poll(() => replyField(page).inputValue()).toBe("");
  for (const id of [first, second]) {
    await page.goto(`/conversations/${id}`);
    await threadOf(page).waitFor();
    const answers = threadOf(page).getByText("resposta à primeira");
    await expect.poll(() => answers.count()).toBe(id === first ? 1 : 0);
  }
  await context.close();
});

test("a word that names nobody is looked for by Enter in the palette, though a last message holds it too", async () => {
  const older = await app.conversation("Vocês têm parafuso sextavado?", "> Um momento.");
  await app.conversation("um parafuso caiu");
  const { page, context } = await app.agents.agent();
  await page.goto("/");
  await isLive(page);
  await page.keyboard.press("Control+k");
  await palette(page).waitFor();
  await page.keyboard.type("parafuso");
  const glimpse = palette(page).getByRole("option", { name: /um parafuso caiu/ });
  await glimpse.waitFor();
  await palette(page)
    .getByRole("option", { name: /Buscar “parafuso”/, selected: true })
    .waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=parafuso");
  await page.getByRole("link", { name: /sextavado/ }).waitFor();
  // From the field down to what was found, past all filters.
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/conversations/${older}?message=*`);
  await context.close();
});

test("the sheet tells every key of the keymap, and the titles of buttons tell the same ones", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await page.getByTitle("Fechar conversa (E)").waitFor();
  await page.getByTitle("Comandos (Ctrl K)").waitFor();
  await page.getByTitle("Buscar (G S)").waitFor();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Atalhos do teclado" });
  // Arrows scroll it.
  await sheet.and(page.locator(":focus")).waitFor();
  const line = sheet.locator("dl > div").filter({ hasText: "Enviar e ir à próxima" });
  await expect.poll(() => line.locator("kbd").allTextContents()).toEqual(["Ctrl", "Enter"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL("**/search");
  await page.locator("body").press("/");
  await expect.poll(() => focused(page)).toBe("q");
  await context.close();
});

test("two keys that do not belong together do nothing, nor does a key that is held down", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.keyboard.down("Shift");
  await page.keyboard.up("Shift");
  expect(await page.getByRole("alertdialog").count()).toBe(0);
  await page.keyboard.down("d");
  await page.keyboard.down("d");
  await page.keyboard.up("d");
  await expect.poll(() => page.locator(".app").getAttribute("data-details")).toBe("closed");
  await context.close();
});
