import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf } from "@fio/contracts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { CHANNEL, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const now = () => timestampOf(Date.now());

test("a customer has a name and a number: in the list, the head, the title and the answer, and both change live", async () => {
  await app.conversationWith({ id: "5511", name: "Érica Gonçalves", phone: "+55 11 91234-5678" }, "Oi");
  const { page, context, faults } = await app.agents.agent();
  await page.goto("/");
  await isLive(page);
  await page.getByRole("link", { name: /Érica Gonçalves.*5678.*Oi/ }).click();
  const name = page.getByRole("heading", { level: 1, name: /Érica Gonçalves/ });
  await name.waitFor();
  await page.getByRole("main").getByText("+55 11 91234-5678").first().waitFor();
  await expect.poll(() => page.title()).toMatch(/Érica Gonçalves 5678 · Fio$/);
  await replyField(page).click();
  await page.keyboard.type("Bom dia!");
  await page.keyboard.press("Enter");
  await threadOf(page).getByText("Bom dia!").waitFor();
  await app.post({
    type: "UPDATE_CONTACT",
    timestamp: now(),
    data: { channel: CHANNEL, id: "5511", name: "Érica Prado" },
  });
  await page.getByRole("heading", { level: 1, name: /Érica Prado/ }).waitFor();
  await page.getByRole("link", { name: /Érica Prado/ }).waitFor();
  await expect.poll(() => page.title()).toMatch(/Érica Prado 5678 · Fio$/);
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test("a customer is found by a name without accents or a part of the number, and their other conversations are beside it", async () => {
  const contact = { id: "5521", name: "Íris Nóbrega", phone: "+55 21 99876-4321" };
  const first = await app.conversationWith(contact, "Meu pedido veio errado");
  const second = await app.conversationWith(contact, "Outra dúvida");
  const { page, context, faults } = await app.agents.agent({ language: "en-US" });
  await page.goto("/search?q=iris+nobrega");
  await expect.poll(() => page.getByRole("link", { name: /Íris Nóbrega/ }).count()).toBe(2);
  await page.goto("/search?q=98764");
  await page.getByRole("link", { name: /Íris Nóbrega.*Outra dúvida/ }).click();
  await page.waitForURL(`**/conversations/${second}*`);
  const beside = page.getByRole("complementary");
  await beside.getByRole("heading", { name: "Other conversations" }).waitFor();
  await beside.getByRole("link", { name: /Meu pedido veio errado/ }).click();
  await page.waitForURL(`**/conversations/${first}*`);
  await threadOf(page).getByText("Meu pedido veio errado").waitFor();
  await beside.getByRole("link", { name: /Outra dúvida/ }).waitFor();
  // The palette, by keyboard.
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Commands" }).getByRole("combobox").fill("nobrega");
  await page.getByRole("option", { name: /Íris Nóbrega.*Outra dúvida/ }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});
