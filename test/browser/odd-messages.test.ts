import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf } from "@fio/contracts";
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
  await app.post(
    newConversation(id),
    newMessage(id, "Olá"),
    newMessage(id, BLANK, { id: blank }),
    closeConversation(id),
    newMessage(id, "\n \n"),
  );
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
  await page.locator(".details blockquote").getByText("mensagem em branco").waitFor();
  if (process.env["FIO_PICTURES"] !== undefined) {
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/blank.png` });
  }
  await page.goto(`/search?q=${blank}`);
  await page.locator(".hit").getByText("mensagem em branco").waitFor();
  await page.goto("/rejections?show=all");
  await page.locator(".c-ev").getByText("mensagem em branco").first().waitFor();
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
  expect(await send.isDisabled()).toBe(true);
  await field.press("Enter");
  await field.fill(`${BLANK}a`);
  expect(await send.isDisabled()).toBe(false);
  await field.press("Enter");
  await page.getByRole("log").getByText("a", { exact: false }).last().waitFor();
  expect(await page.locator("[data-message]").count()).toBe(2);
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
