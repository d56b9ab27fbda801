import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf } from "@fio/contracts";
import type { Page } from "playwright-core";
import { violations } from "./support/accessible.ts";
import { isLive, replyField } from "./support/page.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
}, 120_000);
afterAll(() => app.end());

/** A space, a zero-width space, a no-break space, a braille pattern without dots. */
const BLANK = " \u200b\u00a0\u2800";

test("a message in which there is nothing to see is shown as blank wherever messages are shown", async () => {
  const id = randomUUID();
  const blank = randomUUID();
  await app.post(newConversation(id), newMessage(id, "Olá"), newMessage(id, BLANK, { id: blank }));
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}?state=all`);
  const bubble = page.locator(`[data-message="${blank}"]`);
  await bubble.getByText("mensagem em branco").waitFor();
  // What was sent is kept as it was: nothing else is in its place in the store.
  const thread = (await (await fetch(`${app.system.apiUrl}/conversations/${id}/`)).json()) as {
    messages: Array<{ content: string }>;
  };
  expect(thread.messages.at(-1)?.content).toBe(BLANK);

  await page.locator(`.row[data-id="${id}"]`).getByText("mensagem em branco").waitFor();
  await app.post(closeConversation(id), newMessage(id, "\n \n"));
  await page.locator(".details blockquote").getByText("mensagem em branco").waitFor();
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/blank.png` });
  }
  await page.goto(`/search?q=${blank}`);
  await page.locator(".hit").getByText("mensagem em branco").waitFor();
  await page.goto("/rejections?show=all");
  await page.locator(".left-out").getByText("mensagem em branco").first().waitFor();
  expect(faults).toEqual([]);

  const english = await app.agents.agent({ language: "en-US" });
  await english.page.goto(`/conversations/${id}`);
  await english.page.locator(`[data-message="${blank}"]`).getByText("blank message").waitFor();
});

test("neither the composer nor the simulated customer sends what nobody would see", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const send = page.getByRole("button", { name: "Enviar" });
  const field = page.locator("#reply");
  await field.fill(BLANK);
  await expect.poll(() => send.isDisabled()).toBe(true);
  await field.press("Enter");
  await field.fill(`${BLANK}a`);
  await expect.poll(() => send.isDisabled()).toBe(false);
  await field.press("Enter");
  await page.getByRole("log").getByText("a", { exact: false }).last().waitFor();
  await expect.poll(() => page.locator("[data-message]").count()).toBe(2);
});

test("messages from a clock hours ahead come live at the place where they were received", async () => {
  const id = await app.conversation("primeira");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await page.locator("[data-message]").first().waitFor();
  const inNineHours = timestampOf(Date.now() + 9 * 3_600_000);
  await app.post(newMessage(id, "do relógio adiantado", { timestamp: inNineHours }));
  await page.getByRole("log").getByText("do relógio adiantado").waitFor();
  await app.post(newMessage(id, "depois dela"));
  await page.getByRole("log").getByText("depois dela").waitFor();
  const order = async (): Promise<string[]> => page.locator("[data-message] .body").allTextContents();
  expect(await order()).toEqual(["primeira", "do relógio adiantado", "depois dela"]);
  expect(await page.locator(".late-note").count()).toBe(0);
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/ahead.png` });
  }
  await page.reload();
  await page.locator("[data-message]").first().waitFor();
  expect(await order()).toEqual(["primeira", "do relógio adiantado", "depois dela"]);
});

test("a customer who writes after the close stands in the thread at once, said as what it is, until somebody saw to it", async () => {
  const id = await app.conversation("Oi", "> Resolvido!");
  await app.post(closeConversation(id));
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const late = (where: Page) => where.locator("[data-refused]").filter({ hasText: "Ainda não chegou" });
  await app.post(newMessage(id, "Ainda não chegou"));
  await late(page).getByText("O cliente escreveu depois do fechamento").waitFor();
  await page.getByRole("status").getByText("Nova mensagem do cliente: Ainda não chegou").waitFor();
  // Below the close.
  await expect.poll(() => page.locator(".line.end ~ [data-refused]").count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  const other = await app.agents.agent();
  await other.page.goto(`/conversations/${id}`);
  await late(other.page).getByRole("button", { name: "Levar" }).waitFor();
  await late(page).getByRole("button", { name: "Já vi" }).click();
  await other.page.locator(".after-close.resolved").waitFor();
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/after-close.png` });
  }
  expect([...faults, ...other.faults]).toEqual([]);
});

test("styles, links and copies of messages are clean", async () => {
  const id = await app.conversation("*Bom dia*, veja www.loja.example", "> _Claro_");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const thread = page.getByRole("log");
  await thread.locator("strong").getByText("Bom dia", { exact: true }).waitFor();
  await expect
    .poll(() => thread.getByRole("link", { name: "www.loja.example" }).getAttribute("href"))
    .toBe("https://www.loja.example");
  const copied = await page.evaluate(() => {
    getSelection()?.selectAllChildren(document.querySelector(".msgs") as Element);
    const event = new ClipboardEvent("copy", {
      bubbles: true,
      cancelable: true,
      clipboardData: new DataTransfer(),
    });
    document.querySelector(".msgs")?.dispatchEvent(event);
    return event.clipboardData?.getData("text/plain") ?? "";
  });
  expect(copied.split("\n").map((line) => line.replace(/^\[.*?, \d\d:\d\d\] /, ""))).toEqual([
    "Cliente: *Bom dia*, veja www.loja.example",
    "Nós: _Claro_",
  ]);
  expect(faults).toEqual([]);
});

test("paper takes all that is loaded, with dates of the year, dark on white", async () => {
  const id = await app.conversation(
    ...Array.from({ length: 120 }, (_, n) => `Linha\n`.repeat(8) + String(n)),
  );
  const { page, faults } = await app.agents.agent({ theme: "dark" });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  // Before blocks that are only loaded later: what the browser lays out is drawn when this is asked.
  await page.evaluate(() => {
    addEventListener("beforeprint", () => {
      const texts = (of: string) => [...document.querySelectorAll(of)].map((each) => each.textContent);
      const blocks = document.querySelectorAll("ol[data-block][aria-hidden]").length;
      Object.assign(window, {
        paper: { days: texts(".day h2"), messages: texts(".msg .body").length, blocks },
      });
    });
  });
  const leftOut = page.locator("ol[data-block][aria-hidden]");
  // Upwards until what is below is no longer drawn.
  await expect
    .poll(async () => {
      await page.getByRole("log").evaluate((element) => (element.scrollTop -= 2_000));
      return leftOut.count();
    })
    .toBeGreaterThan(0);
  const drawn = await page.locator(".msg .body").count();
  await page.pdf();
  const paper = await page.evaluate(
    () => (window as unknown as { paper: { days: string[]; messages: number; blocks: number } }).paper,
  );
  expect(paper.blocks).toBe(0);
  expect(paper.messages).toBeGreaterThan(drawn);
  for (const day of paper.days) expect(day).toMatch(/^\p{L}+, \d+ de \p{L}+ de 20\d\d$/u);
  await page.emulateMedia({ media: "print" });
  const controls = page.locator("button, input, textarea, .btn, .rail, .list, .dock, .details");
  expect(await controls.filter({ visible: true }).count()).toBe(0);
  const colours = await page
    .locator(".msg .body, .day h2")
    .evaluateAll((elements) => [...new Set(elements.map((element) => getComputedStyle(element).color))]);
  for (const colour of colours)
    expect(Math.max(...(colour.match(/\d+/g) ?? ["255"]).map(Number))).toBeLessThan(130);
  expect(faults).toEqual([]);
});

test("where the reader's colours replace ours, what is chosen, new or in focus still differs", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent();
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const other = await app.conversation("Outra");
  const background = (of: string) =>
    page
      .locator(of)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const plain = await background("body");
  await page.locator(`.row[data-id="${other}"] .unread-mark`).waitFor();
  for (const chosen of [
    ".row[aria-current]",
    ".seg a[aria-current]",
    ".tab[aria-current]",
    ".convo-head [aria-pressed=true]",
    ".unread-mark",
  ])
    expect({ chosen, differs: (await background(chosen)) !== plain }).toEqual({ chosen, differs: true });
  await page.keyboard.press("r");
  await replyField(page).and(page.locator(":focus")).waitFor();
  const ring = await page.locator(".composer").evaluate((element) => getComputedStyle(element).outline);
  expect(ring).toMatch(/solid 3px/);
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/forced.png` });
  }
});

test("a whole conversation is copied, what is not loaded included; a file where the clipboard refuses, and a word where it fails", async () => {
  const id = randomUUID();
  const texts = Array.from({ length: 130 }, (_, index) => `linha ${index}`);
  const at = Date.now() - 200 * 60_000;
  await app.post(
    newConversation(id, timestampOf(at)),
    ...texts.map((text, index) =>
      newMessage(id, text, { timestamp: timestampOf(at + (index + 1) * 60_000) }),
    ),
  );
  const { page, context, faults } = await app.agents.agent();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const copy = async (): Promise<void> => {
    await page.getByRole("button", { name: "Mais ações" }).click();
    await page.getByRole("menuitem", { name: "Copiar conversa" }).click();
  };
  const withoutTime = (text: string): string[] =>
    text.split("\n").map((line) => line.replace(/^\[.*?\] /, ""));
  const whole = texts.map((text) => `Cliente: ${text}`);
  await copy();
  await page.getByText("Conversa copiada").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(withoutTime(copied)).toEqual(whole);
  expect(copied).toMatch(/^\[\d+ \w+\.? \d{4}, \d\d:\d\d\] /);

  await page.route("**/messages?**", (route) => route.abort());
  await copy();
  await page.getByText("Não deu para ler a conversa inteira. Nada foi copiado.").waitFor();
  if (process.env["FIO_PICTURES"] !== undefined)
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/copy-failed.png` });
  await page.unroute("**/messages?**");
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
    Object.assign(document, { execCommand: () => false });
  });
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Baixar .txt" }).click();
  const path = await (await file).path();
  expect(withoutTime(await readFile(path, "utf8"))).toEqual(whole);
  expect((await file).suggestedFilename()).toMatch(/^conversa-[0-9a-f]{4}\.txt$/);
  expect(faults.filter((fault) => !fault.includes("ERR_FAILED"))).toEqual([]);
});
