import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, startApp, type App } from "./support/app.ts";
import { hasAllCode, isLive, replyField, threadOf } from "./support/page.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const LOADING_MS = 400;
const SLOW = { timeout: 15_000 };

/** An agent in a conversation whose field has the focus, on a slow machine that has yet to load whatever opens. */
async function slowAgent({ ready = [] }: { ready?: object[] } = {}): Promise<{
  page: Page;
  end: () => Promise<void>;
}> {
  const id = await app.conversation("Oi, alguma novidade?");
  const { page, context } = await app.agents.agent();
  await page.addInitScript((kept) => localStorage.setItem("fio.ready", kept), JSON.stringify(ready));
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

test("keys choose among the ready answers before they are there, and what follows is written below the chosen one", async () => {
  const { page, end } = await slowAgent({
    ready: [
      { id: "1", title: "um", text: "Um momento" },
      { id: "2", title: "já", text: "Já volto" },
    ],
  });
  await strike(page, "/", "ArrowDown", "Enter", ", obrigado");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("Já volto, obrigado");
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

test("what cannot be loaded is said, and takes nothing along: the page, the text, the keys that come after it", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent({ expected: /ERR_(FAILED|INTERNET_DISCONNECTED)/ });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await context.route(/assets\/(palette|close-dialog|_shell\.search)/, (route) => route.abort());
  await replyField(page).click();
  await strike(page, "um rascunho", "Control+k", "fechar con", "Enter");
  const said = page.getByRole("alertdialog", { name: "Não deu para abrir." });
  await said.waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await strike(page, "Escape", " e mais");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("um rascunho e mais");
  await nothingWasSent(page);
  // A page of which nothing is there is not opened at all.
  await context.setOffline(true);
  await strike(page, "Escape", "g", "s");
  await said.waitFor();
  expect(new URL(page.url()).pathname).toBe(`/conversations/${id}`);
  await strike(page, "Escape");
  await context.unrouteAll();
  await context.setOffline(false);
  await strike(page, "Control+k", "fechar con", "Enter");
  await page.getByRole("alertdialog", { name: "Fechar esta conversa?" }).waitFor();
  await strike(page, "Escape", "g", "s");
  await page.waitForURL("**/search");
  await context.close();
});

test("without a network pages open all the same, once the app was open for a while", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent({ expected: /ERR_INTERNET_DISCONNECTED|50\d/ });
  await page.goto(`/conversations/${id}`);
  await hasAllCode(page);
  await context.setOffline(true);
  await replyField(page).fill("um rascunho");
  await strike(page, "Escape", "g", "s");
  await page.getByRole("heading", { name: "Não deu para buscar" }).waitFor();
  await strike(page, "g", "c");
  await page.locator(`.row[data-id="${id}"]`).click();
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("um rascunho");
  await context.close();
});

test("when a colleague closes under what is open, it stays, and what is typed after it is text", async () => {
  const [first, second] = [await app.conversation("Oi"), await app.conversation("Olá")];
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${first}`);
  await isLive(page);
  await replyField(page).click();
  await strike(page, "Control+k");
  await page.getByRole("dialog", { name: "Comandos" }).waitFor();
  await app.post(closeConversation(first));
  await page.locator("main .state.closed").waitFor();
  await strike(page, "Escape", "nenhum nome");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("nenhum nome");
  // What is written for later is of no conversation.
  await page.goto(`/conversations/${second}`);
  await isLive(page);
  await strike(page, "Control+k", "respostas pr", "Enter");
  await manager(page).waitFor();
  await strike(page, "Enter", "Prazo");
  await app.post(closeConversation(second));
  await page.locator("main .state.closed").waitFor({ state: "attached" });
  await strike(page, " longo");
  await expect.poll(() => page.locator("#ready-title").inputValue(), SLOW).toBe("Prazo longo");
  await context.close();
});

test("what is typed after U while nobody knows yet who waits is for whom it opens, whole", async () => {
  await app.conversation("Alguém aí?");
  const open = await app.conversation("Oi", "> Olá!");
  const { page, context } = await app.agents.agent();
  // The list of those who wait comes late, and is the first thing that U asks for.
  await context.route(/data\/conversations\?.*waiting/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.goto(`/conversations/${open}`);
  await strike(page, "u", "r", "nenhum problema");
  await page.waitForURL((url) => url.pathname !== `/conversations/${open}`);
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("nenhum problema");
  expect(await page.evaluate((id) => localStorage.getItem(`fio.draft.${id}`), open)).toBeNull();
  await context.close();
});

/** As a keyboard repeats a key that stays down. */
async function holdDown(page: Page, key: string, during: () => Promise<unknown>): Promise<void> {
  for (let times = 0; times < 4; times += 1) await page.keyboard.down(key);
  await during();
  for (let times = 0; times < 4; times += 1) await page.keyboard.down(key);
  await page.keyboard.up(key);
}

test("Enter held down does once what it does: it answers no question that it brought up, and sends nothing twice", async () => {
  const { page, end } = await slowAgent({ ready: [{ id: "1", title: "um", text: "Um momento" }] });
  const question = page.getByRole("alertdialog", { name: "Fechar esta conversa?" });
  await strike(page, "um rascunho", "Control+k", "fechar con");
  await holdDown(page, "Enter", () => question.waitFor());
  await question.getByRole("button", { name: "Cancelar" }).and(page.locator(":focus")).waitFor();
  await strike(page, "Enter", "!");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("um rascunho!");
  await nothingWasSent(page);
  await holdDown(page, "Enter", () => threadOf(page).getByText("um rascunho!").waitFor());
  await strike(page, "/", "um");
  await page.getByRole("option", { name: /Um momento/, selected: true }).waitFor();
  await holdDown(page, "Enter", () => expect.poll(() => draft(page).inputValue()).toBe("Um momento"));
  // What opened the page and the one that was sent.
  await expect.poll(() => threadOf(page).locator("[data-message]").count()).toBe(2);
  // A letter that opens a field is not written into it.
  await strike(page, "Escape");
  await holdDown(page, "r", () =>
    expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply"),
  );
  await strike(page, "!");
  await expect.poll(() => draft(page).inputValue(), SLOW).toBe("Um momento!");
  await end();
});
