import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { timestampOf } from "@fio/contracts";
import { handleOf } from "@fio/contracts/handle";
import { violations, violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { threadOf } from "./support/page.ts";

let app: App;
/** Has 30 messages with the word; each of sixty others has one. */
const many = randomUUID();
const one = randomUUID();
const DAY = 86_400_000;

beforeAll(async () => {
  app = await startApp();
  const began = Date.now() - 20 * DAY;
  const at = (minutes: number) => timestampOf(began + minutes * 60_000);
  await app.post(
    newConversation(many, at(0)),
    ...Array.from({ length: 30 }, (_, n) =>
      newMessage(many, `entrega parcial ${n}`, { timestamp: at(10_000 + n) }),
    ),
  );
  const others = Array.from({ length: 60 }, () => randomUUID());
  await app.post(
    ...others.flatMap((id, n) => [
      newConversation(id, at(n)),
      newMessage(id, `a entrega ${n} saiu`, {
        timestamp: at(n + 1),
        direction: n % 2 === 0 ? "SENT" : "RECEIVED",
      }),
    ]),
    ...others.slice(0, 10).map((id) => closeConversation(id)),
  );
  await app.post(
    newConversation(one, at(0)),
    newMessage(one, `${"antes ".repeat(60)}Straße 1ª ＡＢＣ שָׁלוֹם oﬃce 👍🏽 fim`, { timestamp: at(20_000) }),
  );
});
afterAll(async () => {
  await app.end();
});

const results = (page: Page) => page.getByRole("region", { name: "Resultados" });
const hits = (page: Page) => results(page).locator("a.hit:not(.older)");

test("hits are a row for each conversation, its others open below, and later pages are appended where one is", async () => {
  const { page, context, faults } = await app.agents.agent();
  await page.goto("/search?q=entrega");
  await hits(page).first().waitFor();
  expect(await violations(page)).toEqual([]);
  const first = hits(page).first();
  await expect.poll(() => first.innerText()).toContain("entrega parcial 29");
  const before = await hits(page).count();
  await results(page).getByRole("button", { name: "mais 29 nesta conversa" }).click();
  await results(page).getByText("entrega parcial 0", { exact: true }).waitFor();
  await expect.poll(() => results(page).locator("a.hit.older").count()).toBe(29);
  expect(await violations(page)).toEqual([]);
  await results(page).getByRole("button", { name: "mostrar só a mais recente" }).click();

  const more = results(page).getByRole("link", { name: "Mostrar resultados anteriores" });
  await more.scrollIntoViewIfNeeded();
  const top = await results(page).evaluate((element) => element.scrollTop);
  await more.click();
  await expect.poll(() => hits(page).count()).toBeGreaterThan(before);
  await expect.poll(() => results(page).evaluate((element) => element.scrollTop)).toBe(top);
  while (await more.isVisible()) {
    const count = await hits(page).count();
    await more.click();
    await expect.poll(async () => (await hits(page).count()) > count || !(await more.isVisible())).toBe(true);
  }
  await expect.poll(() => hits(page).count()).toBe(61);
  await expect.poll(() => hits(page).first().innerText()).toBe(await first.innerText());

  // Whoever goes back from a hit finds the place again.
  const last = hits(page).last();
  await last.scrollIntoViewIfNeeded();
  const place = await results(page).evaluate((element) => element.scrollTop);
  await last.click();
  await threadOf(page).getByText("a entrega 0 saiu").waitFor();
  await page.goBack();
  await expect.poll(() => hits(page).count()).toBe(61);
  await expect.poll(() => results(page).evaluate((element) => element.scrollTop)).toBe(place);
  expect(faults).toEqual([]);
  await context.close();
});

test.each([
  ["strasse", "Straße"],
  ["1a", "1ª"],
  ["abc", "ＡＢＣ"],
  ["שלום", "שָׁלוֹם"],
  ["office", "oﬃce"],
  ["👍", "👍🏽"],
])("what %s finds is in the excerpt, and marked: %s", async (q, marked) => {
  const html = await (
    await fetch(`${app.system.webUrl}/search?${new URLSearchParams({ q }).toString()}`)
  ).text();
  expect(html).toContain(`<mark>${marked}</mark>`);
});

test("a conversation is found by its name, its tail, the beginning of its id, and its id without hyphens", async () => {
  const { name, tail } = handleOf(one);
  const { page, context, faults } = await app.agents.agent();
  for (const q of [`${name} ${tail}`, tail, one.slice(0, 8), one.replaceAll("-", "")]) {
    await page.goto(`/search?${new URLSearchParams({ q }).toString()}`);
    await results(page).locator(`a[href="/conversations/${one}"]`).waitFor();
    await page.goto("/");
    await page.getByRole("textbox", { name: "Ir para uma conversa, pelo nome ou ID" }).fill(q);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/conversations/${one}`);
    await page.goto("/search");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill(q);
    const options = page.getByRole("dialog").getByRole("option", { name: new RegExp(name) });
    await options.filter({ hasNotText: "Buscar" }).first().click();
    await page.waitForURL(`**/conversations/${one}`);
  }
  expect(faults).toEqual([]);
  await context.close();
});

test("who wrote, in which conversations and when are controls that stand in the address", async () => {
  const { page, context } = await app.agents.agent();
  await page.goto("/search?q=entrega");
  await page.getByLabel("Quem escreveu").selectOption({ label: "Nós" });
  await page.waitForURL(/direction=SENT/);
  await expect.poll(() => hits(page).count()).toBe(30);
  await page.getByRole("combobox", { name: "Conversas" }).selectOption({ label: "Fechadas" });
  await page.waitForURL(/state=CLOSED/);
  await expect.poll(() => hits(page).count()).toBe(5);
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByRole("link", { name: "Limpar filtros" }).click();
  await page.waitForURL((url) => url.search === "?q=entrega");
  const day = new Date(Date.now() - 15 * DAY).toISOString().slice(0, 10);
  await page.getByLabel("De", { exact: true }).fill(day);
  await page.getByLabel("De", { exact: true }).press("Enter");
  await page.waitForURL(/from=2/);
  await expect.poll(() => hits(page).count()).toBe(1);
  await page.goto(`/search?q=entrega&from=${day}&to=2020-01-01`);
  await page.getByRole("heading", { name: "O período termina antes de começar" }).waitFor();
  await page.goto("/search?q=%3F%3F");
  await page.getByRole("heading", { name: "Não há o que buscar em “??”" }).waitFor();
  await context.close();
});

test("keys go through the hits, and a page that does not come can be asked for again", async () => {
  const { page, context } = await app.agents.agent({ expected: /503|Failed to load|ERR_FAILED/ });
  await page.goto("/search?q=entrega");
  await hits(page).first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const address = await hits(page).first().getAttribute("href");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(address);
  const before = await hits(page).count();
  await page.route("**/data/search*", (route) => route.abort());
  await results(page).getByRole("link", { name: "Mostrar resultados anteriores" }).click();
  const again = results(page).getByRole("link", { name: "Não deu para carregar. Tentar de novo" });
  await again.waitFor();
  await page.unroute("**/data/search*");
  await again.click();
  await expect.poll(() => hits(page).count()).toBeGreaterThan(before);
  await context.close();
});

test("what was looked for is marked in the thread that a hit opens, and in view in a message of many lines", async () => {
  const lines = Array.from({ length: 80 }, (_, n) => `linha ${n}`).join("\n");
  const id = await app.conversation("um guarda-chuva?", `${lines}\no *GUÁRDA* chuva azulão`);
  const { page, context, faults } = await app.agents.agent();
  await page.goto("/search?q=guarda+azul");
  await hits(page).first().click();
  await page.waitForURL(`**/conversations/${id}?message=*&q=guarda+azul`);
  const marked = () =>
    page.evaluate(() => [...(CSS.highlights.get("found") ?? [])].map((range) => (range as Range).toString()));
  await expect.poll(marked).toEqual(["guarda", "GUÁRDA", "azul"]);
  const isInView = () =>
    page.evaluate(() => {
      const found = [...(CSS.highlights.get("found") ?? [])].at(-1) as Range;
      const { top, bottom } = found.getBoundingClientRect();
      return top > 60 && bottom < innerHeight - 60;
    });
  await expect.poll(isInView).toBe(true);
  // What is drawn later is marked, too; another conversation is not.
  await app.post(newMessage(id, "e um guarda-sol"));
  await expect.poll(marked).toEqual(["guarda", "GUÁRDA", "azul", "guarda"]);
  await page.goto(`/conversations/${id}`);
  await page.getByRole("log").getByText("guarda-sol").waitFor();
  expect(await marked()).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test("without scripts a search works by a form and links", async () => {
  const { page, context } = await app.agents.agent({ scripts: false });
  await page.goto("/search");
  await page.getByRole("searchbox").fill("entrega");
  await page.getByLabel("Quem escreveu").selectOption({ label: "O cliente" });
  await page.getByRole("button", { name: "Buscar" }).click();
  await page.getByRole("button", { name: "mais 29 nesta conversa" }).click();
  await page.getByText("entrega parcial 12").waitFor();
  await page.getByRole("link", { name: "Mostrar resultados anteriores" }).click();
  await page.getByText("a entrega 1 saiu").waitFor();
  await context.close();
});
