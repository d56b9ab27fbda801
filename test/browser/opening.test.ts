import { afterAll, beforeAll, expect, test } from "vitest";
import type { BrowserContext, Locator } from "playwright-core";
import { closeConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const A_CONVERSATION = /\/data\/conversations\/[^/]+\/opening/;
const THE_SCRIPTS = /\/assets\/.+\.js/;

/** Holds what a page is made of until it is let go. */
function held(what: RegExp) {
  let letGo = (): void => {};
  const waiting = new Promise<void>((resolve) => (letGo = resolve));
  const before = (context: BrowserContext): Promise<unknown> =>
    context.route(what, async (route) => {
      await waiting;
      await route.continue();
    });
  return { before, letGo };
}

test.for(["wide", "phone"] as const)(
  "a conversation that is slow to come shows its shape in place of what was there (%s)",
  async (size) => {
    const id = await app.conversation("Bom dia!");
    const { before, letGo } = held(A_CONVERSATION);
    const { page, faults } = await app.agents.agent({ size, before });
    await page.goto("/");
    const list = page.getByLabel("Conversas", { exact: true });
    await list.locator(`[data-id="${id}"]`).click();
    await page.getByRole("status").getByText("Carregando a conversa…").waitFor({ state: "attached" });
    if (size === "phone") await list.waitFor({ state: "hidden" });
    letGo();
    await threadOf(page).getByText("Bom dia!").waitFor();
    expect(await page.getByText("Carregando a conversa…").count()).toBe(0);
    expect(faults).toEqual([]);
  },
);

test("an answer to a conversation that is still to come is seen at once, and is in it once", async () => {
  const id = await app.conversation("Tem em azul?");
  const { before, letGo } = held(A_CONVERSATION);
  const { page, faults } = await app.agents.agent({ before });
  await page.goto("/");
  await page.locator(`.row[data-id="${id}"]`).click();
  await replyField(page).fill("Tem sim, em azul");
  await replyField(page).press("Enter");
  const answer = page.getByRole("main").getByRole("listitem").filter({ hasText: "Tem sim, em azul" });
  await answer.waitFor();
  await expect.poll(() => page.getByText("Carregando a conversa…").count()).toBe(1);
  letGo();
  await threadOf(page).getByText("Tem em azul?").waitFor();
  await answer.getByText("Na conversa").waitFor({ state: "attached" });
  await expect.poll(() => answer.count()).toBe(1);
  expect(faults).toEqual([]);
});

test("a known conversation opens from a search and from what was left out while nothing answers", async () => {
  const id = await app.conversation("A fechadura emperrou");
  await app.post(closeConversation(id));
  await app.post(newMessage(id, "E a fechadura nova?"));
  const { context, page, faults } = await app.agents.agent({
    expected: /ERR_INTERNET_DISCONNECTED|ERR_FAILED/,
  });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const NEVER = /\.data|\/data\//;
  const opensAnyhow = async (link: Locator): Promise<void> => {
    await link.waitFor();
    for (const off of [false, true]) {
      await context.route(NEVER, () => undefined);
      await context.setOffline(off);
      await link.click();
      await threadOf(page).getByText("A fechadura emperrou").waitFor({ timeout: 5_000 });
      await expect.poll(() => page.locator(".list .row[data-id]").count()).toBeGreaterThan(0);
      await context.setOffline(false);
      await context.unroute(NEVER);
      await page.goBack();
    }
  };
  const rail = page.getByRole("navigation", { name: "Principal" });
  await rail.getByRole("link", { name: "Buscar" }).click();
  await page.getByRole("searchbox", { name: "Buscar nas mensagens" }).fill("fechadura emperrou");
  await page.keyboard.press("Enter");
  await opensAnyhow(page.locator(`a.hit[href*="${id}"]`).first());
  await rail.getByRole("link", { name: /^Não entraram/ }).click();
  await opensAnyhow(page.locator(`a.conv[href*="${id}"]`).first());
  expect(faults).toEqual([]);
});

test("what is written before the page is alive is not lost, nor the Enter after it", async () => {
  const [id, other] = [await app.conversation("Tem alguém?"), await app.conversation("Oi")];
  const { context, page, faults } = await app.agents.agent();
  await page.goto("/");
  const { before, letGo } = held(THE_SCRIPTS);
  await before(context);
  const opening = page.goto(`/conversations/${id}`);
  await replyField(page).fill("Sim, já vejo");
  await replyField(page).press("Enter");
  const second = await context.newPage();
  await second.goto(`/conversations/${other}`, { waitUntil: "commit" });
  await replyField(second).fill("Olá, ainda");
  letGo();
  await opening;
  const sent = threadOf(page).getByRole("listitem").filter({ hasText: "Sim, já vejo" });
  await sent.getByText("Na conversa").waitFor({ state: "attached" });
  await expect.poll(() => sent.count()).toBe(1);
  await expect.poll(() => replyField(page).inputValue()).toBe("");
  await second.locator("html[data-alive]").waitFor({ state: "attached" });
  await replyField(second).press("End");
  await replyField(second).pressSequentially(" escrevo");
  await expect.poll(() => replyField(second).inputValue()).toBe("Olá, ainda escrevo");
  await second.reload();
  await expect.poll(() => replyField(second).inputValue()).toBe("Olá, ainda escrevo");
  expect(faults).toEqual([]);
});

test("a page whose scripts did not come is asked for again until it is live", async () => {
  const id = await app.conversation("Bom dia!");
  const { context, page } = await app.agents.agent();
  await page.goto("/");
  let pages = 0;
  let cut = true;
  page.on("domcontentloaded", () => (pages += 1));
  await context.route(THE_SCRIPTS, (route) => (cut ? route.abort("internetdisconnected") : route.continue()));
  const opening = page.goto(`/conversations/${id}`);
  await expect.poll(() => pages, { timeout: 10_000 }).toBeGreaterThan(2);
  cut = false;
  await opening;
  await isLive(page);
});

const PARAGRAPH = "Quando a entrega atrasa, o prazo conta de novo a partir do aviso. ".repeat(8).trim();

test("a paragraph of more lines than ten is folded, also where nothing but the width breaks them", async () => {
  const id = await app.conversation(PARAGRAPH);
  const phone = await app.agents.agent({ size: "phone" });
  await phone.page.goto(`/conversations/${id}`);
  const more = threadOf(phone.page).getByRole("button", { name: /^Mostrar tudo/ });
  await more.waitFor();
  await expect.poll(() => more.getAttribute("aria-expanded")).toBe("false");
  const bubble = threadOf(phone.page).getByRole("listitem").filter({ hasText: "Quando a entrega atrasa" });
  const folded = (await bubble.boundingBox())?.height ?? 0;
  await more.click();
  await threadOf(phone.page)
    .getByRole("button", { name: /^Mostrar menos/ })
    .waitFor();
  expect((await bubble.boundingBox())?.height).toBeGreaterThan(folded);

  const wide = await app.agents.agent();
  await wide.page.goto(`/conversations/${id}`);
  await replyField(wide.page).waitFor();
  await threadOf(wide.page).getByText("Quando a entrega atrasa").waitFor();
  expect(
    await threadOf(wide.page)
      .getByRole("button", { name: /^Mostrar tudo/ })
      .count(),
  ).toBe(0);
  expect([...phone.faults, ...wide.faults]).toEqual([]);
});

test("ten switches between known conversations ask for nothing but what those missed while they were left", async () => {
  const ids = [await app.conversation("Um"), await app.conversation("Dois")];
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${ids[0]}`);
  await isLive(page);
  const asked: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    if (n === 2) page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const caughtUp = page.waitForResponse(/\/data\/rejections/);
    await page.locator(`.row[data-id="${ids[(n + 1) % 2]}"]`).click();
    await caughtUp;
  }
  // Messages, and those that were left out; and what is loaded once, when all is quiet.
  const missed =
    /^\/(live|assets\/.+|data\/conversations\/[^/]+\/opening|data\/rejections|data\/deliveries)$/;
  expect(asked.filter((path) => !missed.test(path))).toEqual([]);
  // Two a switch, and what did not come in and what did not leave once.
  expect(asked.filter((path) => path.startsWith("/data/")).length).toBeLessThanOrEqual(22);
  expect(faults).toEqual([]);
});
