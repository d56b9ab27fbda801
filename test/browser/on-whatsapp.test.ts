import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf } from "@fio/contracts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { CHANNEL, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const now = () => timestampOf(Date.now());

test("who got an answer that did not arrive waits again, and it is written again by a key", async () => {
  const id = await app.conversation("Cadê meu pedido?");
  const answer = newMessage(id, "Saiu hoje cedo.", { direction: "SENT" });
  const told = (status: string, detail?: string) =>
    app.post({
      type: "MESSAGE_STATUS",
      timestamp: now(),
      data: { message_id: answer.data.id, conversation_id: id, status, detail },
    });
  await app.post(answer);
  const { page, context, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}?state=waiting`);
  await isLive(page);
  const row = page.getByRole("region", { name: "Conversas" }).getByRole("link", { name: /Saiu hoje cedo/ });
  expect(await row.count()).toBe(0);
  await told("FAILED", "131026");
  await row.waitFor();
  const failure = threadOf(page).getByText("O número não recebe mensagens do WhatsApp.");
  await failure.waitFor();
  await page.locator("body").press("w");
  await expect.poll(() => replyField(page).inputValue()).toBe("Saiu hoje cedo.");
  expect(await violationsInBothThemes(page)).toEqual([]);
  await replyField(page).press("Enter");
  await expect.poll(() => threadOf(page).getByText("Saiu hoje cedo.").count()).toBe(2);
  await told("DELIVERED");
  await failure.waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await context.close();
});

test("what is left of the 24 hours is said above the field, and a closed window before anything is written", async () => {
  const contact = (id: string) => ({ channel: CHANNEL, id, name: `Cliente ${id}` });
  const heard = async (id: string, minutesAgo: number): Promise<string> => {
    const conversation = randomUUID();
    const timestamp = timestampOf(Date.now() - minutesAgo * 60_000);
    await app.post(
      { type: "NEW_CONVERSATION", timestamp, data: { id: conversation, contact: contact(id) } },
      newMessage(conversation, "Oi", { timestamp }),
      // What the business wrote since keeps no window open.
      newMessage(conversation, "Olá", { direction: "SENT" }),
    );
    return conversation;
  };
  const [lately, closing, over] = [await heard("w1", 30), await heard("w2", 1_438), await heard("w3", 3_000)];
  const { page, context, faults } = await app.agents.agent();
  await page.goto(`/conversations/${lately}`);
  await page.getByText("Dá para responder pelo WhatsApp por mais 23 h").waitFor();
  await page.goto(`/conversations/${closing}`);
  await page.getByText(/Só mais \d min para responder pelo WhatsApp, até/).waitFor();
  await page.goto(`/conversations/${over}`);
  const closed = page.getByRole("status").filter({ hasText: "Uma resposta agora não chega ao cliente." });
  await closed.waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await closed.getByText(/ainda não podem ser enviados/).waitFor();
  // They wrote again meanwhile, live.
  await app.post(newMessage(over, "Alguém aí?"));
  await page.getByText(/por mais 2[34] h/).waitFor();
  await closed.waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await context.close();
});

test("a new conversation is with a known customer or a typed number, by keyboard alone", async () => {
  await app.conversationWith({ id: "5531", name: "Otávio Lima", phone: "+55 31 97777-1212" }, "Obrigado!");
  const { page, context, faults } = await app.agents.agent();
  await page.goto("/");
  await isLive(page);
  const to = page.getByRole("combobox", { name: "Para" });
  const first = page.getByRole("textbox", { name: "Escreva a primeira mensagem" });
  await page.keyboard.press("n");
  await to.waitFor();
  await to.focus();
  await page.keyboard.type("otavio");
  await page.getByRole("option", { name: /Otávio Lima/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Já há uma conversa aberta com este cliente.").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.keyboard.type("Chegou bem?");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /Otávio Lima/ }).waitFor();
  await threadOf(page).getByText("Chegou bem?").waitFor();

  await page.locator("body").press("Escape");
  await page.goto("/conversations/new");
  await to.focus();
  await page.keyboard.type("31 96666-3434");
  await page.getByRole("option", { name: "Usar +55 31 96666-3434" }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await page.getByText("Uma mensagem agora não chega ao cliente.").waitFor();
  await first.focus();
  await page.keyboard.type("Bom dia");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /\+55 31 96666-3434/ }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
