import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violations } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.end();
});

const list = (page: Page) => page.getByRole("listbox", { name: "Respostas prontas" });
const manager = (page: Page) => page.getByRole("dialog", { name: "Respostas prontas" });
const selected = (page: Page): Promise<string> =>
  replyField(page).evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart, field.selectionEnd),
  );

test("a ready answer is written once, found by typing after a slash, filled in, and sent with its gaps filled", async () => {
  const id = await app.conversation("Bom dia!");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);

  // Nothing is there yet: Enter makes the first.
  await replyField(page).click();
  await page.keyboard.type("/");
  await list(page).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await manager(page).waitFor();
  expect(await violations(page)).toEqual([]);
  // The focus is where the work is, at first and when one is written.
  const another = manager(page).getByRole("button", { name: "Nova resposta" }).and(page.locator(":focus"));
  await another.waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("Prazo");
  await page.keyboard.press("Tab");
  await page.keyboard.type("{saudacao}, {nome}! O pedido {número} chega em {prazo}.");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await manager(page).getByText("Prazo", { exact: true }).waitFor();
  await another.waitFor();
  await page.keyboard.press("Escape");
  await manager(page).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await expect.poll(() => replyField(page).inputValue()).toBe("");

  await page.keyboard.type("/praz");
  await list(page).getByRole("option", { name: /Prazo/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => selected(page)).toBe("‹número›");
  await expect
    .poll(() => replyField(page).inputValue())
    .toMatch(/^(Bom dia|Boa tarde|Boa noite), \p{L}+ \p{L}+! O pedido ‹número› chega em ‹prazo›\.$/u);
  await page.keyboard.type("81");
  // The other gap is not sent to the customer.
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Falta preencher “prazo” antes de enviar.").waitFor();
  await expect.poll(() => selected(page)).toBe("‹prazo›");
  await page.keyboard.press("Control+Enter");
  expect(new URL(page.url()).pathname).toBe(`/conversations/${id}`);
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await expect.poll(() => selected(page)).toBe("‹prazo›");
  await page.keyboard.type("2 dias");
  await page.keyboard.press("Enter");
  await threadOf(page)
    .getByText(/O pedido 81 chega em 2 dias\.$/)
    .waitFor();
  await expect.poll(() => replyField(page).inputValue()).toBe("");
  expect(faults).toEqual([]);
});

test("Enter in the list never sends what was looked for, however fast it comes, and Esc leaves the text alone", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent();
  await page.addInitScript(() =>
    localStorage.setItem("fio.ready", JSON.stringify([{ id: "1", title: "Já volto", text: "Um momento." }])),
  );
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  // Its code comes late.
  await page.route(/ready-list/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  await replyField(page).click();
  await page.keyboard.type("/vol");
  await page.keyboard.press("Enter");
  // Keys that move and remove wait for it too.
  for (const key of ["Home", "ArrowRight", "ArrowLeft", "Delete", "u", "End", "Backspace", "!"])
    await page.keyboard.press(key);
  await expect.poll(() => replyField(page).inputValue()).toBe("um momento!");
  // Over what stands there, all of it selected.
  await page.keyboard.press("Control+a");
  await page.keyboard.type("/zzz");
  await page.getByText("Nenhuma resposta pronta com “zzz”").waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => replyField(page).inputValue()).toBe("/zzz");
  await page.keyboard.press("Escape");
  await list(page).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await threadOf(page).getByText("/zzz").waitFor();
  expect(await threadOf(page).getByText("/vol").count()).toBe(0);
  // With Ctrl it sends what was chosen, and never what was looked for.
  await page.keyboard.type("/vol");
  await page.getByRole("option", { name: /volto/, selected: true }).waitFor();
  await page.keyboard.press("Control+Enter");
  await threadOf(page).getByText("Um momento.").waitFor();
  await page.goto(`/conversations/${id}`);
  await threadOf(page).getByText("Um momento.").waitFor();
  expect(await threadOf(page).getByText("/vol").count()).toBe(0);
  await context.close();
});

test("ready answers are ordered, removed and brought back, and go from one browser to another as a file", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /comando/i }).fill("respostas prontas");
  await page.keyboard.press("Enter");
  await manager(page).getByRole("button", { name: "Começar com exemplos" }).click();
  const titles = (of: Page) => manager(of).locator("strong").allTextContents();
  expect(await titles(page)).toEqual(["Saudação", "Um momento", "Prazo de entrega"]);
  await manager(page).getByRole("button", { name: "Mover “Saudação” para baixo" }).click();
  await manager(page).getByRole("button", { name: "Excluir “Um momento”" }).click();
  await expect.poll(() => titles(page)).toEqual(["Saudação", "Prazo de entrega"]);
  await page.getByRole("button", { name: "Desfazer" }).click();
  await expect.poll(() => titles(page)).toEqual(["Um momento", "Saudação", "Prazo de entrega"]);
  const download = page.waitForEvent("download");
  await manager(page).getByRole("button", { name: "Exportar" }).click();
  const file = await (await download).path();

  const { page: other, context: elsewhere } = await app.agents.agent();
  await other.goto(`/conversations/${id}`);
  await isLive(other);
  await replyField(other).click();
  await other.keyboard.type("/");
  await other.keyboard.press("Enter");
  const given = { name: "respostas.json", mimeType: "application/json", buffer: await readFile(file) };
  await manager(other).getByLabel("Importar").last().setInputFiles(given);
  await expect.poll(() => titles(other)).toEqual(["Um momento", "Saudação", "Prazo de entrega"]);
  await manager(other)
    .getByLabel("Importar")
    .last()
    .setInputFiles({ ...given, buffer: Buffer.from("{}") });
  await other.getByText("Este arquivo não tem respostas prontas").waitFor();
  await context.close();
  await elsewhere.close();
});

test("a finger opens the ready answers and the emoji, and hits what is in them", async () => {
  const id = await app.conversation("Oi");
  const { page, faults } = await app.agents.agent({ size: "phone", touch: true });
  await page.goto(`/conversations/${id}`);
  const small = (of: string): Promise<string[]> =>
    page
      .locator(of)
      .filter({ visible: true })
      .evaluateAll((elements) =>
        elements
          .filter((element) => {
            const { width, height } = element.getBoundingClientRect();
            return width < 43.5 || height < 43.5;
          })
          .map((element) => element.outerHTML.slice(0, 200)),
      );
  const open = page.getByRole("button", { name: "Respostas prontas" });
  // The way to send reaches 4 px further than it is drawn.
  expect(await small(".composer button:not(.send)")).toEqual([]);
  await open.tap();
  const list = page.getByRole("listbox", { name: "Respostas prontas" });
  await list.getByText("Criar ou editar").waitFor();
  expect(await small(".ready li")).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await open.tap();
  await list.waitFor({ state: "detached" });
  await expect.poll(() => page.locator("#reply").inputValue()).toBe("");
  await page.getByRole("button", { name: "Emoji" }).tap();
  await page.locator(".emoji-grid button").first().waitFor();
  expect(await small(".emoji-panel :is(button, input)")).toEqual([]);
  await page.locator("html").evaluate((html) => html.setAttribute("data-theme", "dark"));
  expect(await violations(page)).toEqual([]);
  await page.locator(".emoji-grid button").first().tap();
  await expect.poll(() => page.locator("#reply").inputValue()).not.toBe("");
  expect(await open.count()).toBe(0);
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/touch.png` });
  }
  expect(faults).toEqual([]);
});
