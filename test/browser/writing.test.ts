import { afterAll, beforeAll, expect, test } from "vitest";
import { closeConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

type Stored = { content: string; direction: string; timestamp: string };
const stored = async (id: string): Promise<Stored[]> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/`);
  return ((await answer.json()) as { messages: Stored[] }).messages;
};

test("an answer is sent with Enter, shown at once, and applied", async () => {
  const id = await app.conversation("Bom dia!");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const field = page.getByRole("textbox", { name: /^Resposta para/ });
  await field.fill("Olá!");
  await field.press("Shift+Enter");
  await field.pressSequentially("Tudo bem?");
  await field.press("Enter");
  const bubble = page.getByRole("log").getByRole("listitem").filter({ hasText: "Tudo bem?" });
  await bubble.getByText("Na conversa").waitFor({ state: "attached" });
  await expect.poll(() => bubble.count()).toBe(1);
  await expect.poll(() => field.inputValue()).toBe("");
  expect(await stored(id)).toMatchObject([
    { content: "Bom dia!" },
    { content: "Olá!\nTudo bem?", direction: "SENT" },
  ]);
  await page.reload();
  await page.getByText("Tudo bem?").first().waitFor();
  expect(faults).toEqual([]);
});

test.each([-540, -6, 6, 540])(
  "an answer from a browser whose clock is %i minutes off is sent, and carries the true time",
  async (minutes) => {
    const id = await app.conversation("Bom dia!");
    const { page } = await app.agents.agent();
    await page.addInitScript((ahead) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ahead;
    }, minutes * 60_000);
    await page.goto(`/conversations/${id}`);
    const field = page.getByRole("textbox", { name: /^Resposta para/ });
    await field.fill("Às ordens");
    await field.press("Enter");
    await expect.poll(() => stored(id).then((messages) => messages.length)).toBe(2);
    const [, answer] = await stored(id);
    expect(Math.abs(Date.parse(answer!.timestamp) - Date.now())).toBeLessThan(60_000);
  },
);

test("the Enter that ends an input method's composition sends nothing", async () => {
  const id = await app.conversation("你好");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const field = page.getByRole("textbox", { name: /^Resposta para/ });
  await field.fill("n");
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, keyCode: 229 });
  await expect.poll(() => field.inputValue()).toBe("n");
  expect(await stored(id)).toHaveLength(1);
});

test("the customer is simulated in a mode of its own, which ends with the conversation", async () => {
  const [id, other] = [await app.conversation("Primeira"), await app.conversation("Outra")];
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await page.getByRole("button", { name: "Simular cliente" }).click();
  const field = page.getByRole("textbox", { name: "Mensagem do cliente simulado" });
  await field.fill("Quanto custa?");
  await page.getByRole("button", { name: "Enviar como cliente" }).click();
  await page.getByText("Simulada por você").waitFor();
  await expect
    .poll(() => stored(id))
    .toMatchObject([{}, { content: "Quanto custa?", direction: "RECEIVED" }]);
  await page.getByRole("region", { name: "Conversas" }).locator(`[data-id="${other}"]`).click();
  await page.waitForURL(`**/conversations/${other}`);
  await page.getByRole("textbox", { name: /^Resposta para/ }).waitFor();
  expect(await field.count()).toBe(0);
  expect(faults).toEqual([]);
});

test("closing asks first, is final, and what comes later is told where it is read", async () => {
  const id = await app.conversation("Era isso");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await page.getByRole("button", { name: "Fechar conversa" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Fechar esta conversa?" });
  await dialog.waitFor();
  await expect
    .poll(() =>
      dialog
        .getByRole("button", { name: "Cancelar" })
        .evaluate((button) => button === document.activeElement),
    )
    .toBe(true);
  await dialog.getByRole("button", { name: "Fechar conversa" }).click();
  await page.getByText("Não dá para reabrir.").waitFor();
  expect(await page.getByRole("textbox", { name: /^Resposta para/ }).count()).toBe(0);
  await app.post(newMessage(id, "Só mais uma dúvida"));
  await page.reload();
  const refused = page.getByRole("article").filter({ hasText: "Chegou depois do fechamento" });
  await refused.getByText("Só mais uma dúvida").waitFor();
  await refused.getByRole("button", { name: "Levar para nova conversa" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/conversations/") && !url.pathname.endsWith(id));
  await page.getByRole("log").getByText("Só mais uma dúvida").waitFor();
  expect(faults).toEqual([]);
});

test("a new conversation opens ready to be written in, and is begun by its first message", async () => {
  const { page, faults } = await app.agents.agent();
  await page.goto("/");
  await page.getByRole("region", { name: "Conversas" }).getByRole("link", { name: "Nova conversa" }).click();
  await page.keyboard.type("Olá");
  expect(new URL(page.url()).pathname).toBe("/conversations/new");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("Na conversa").waitFor({ state: "attached" });
  await page.waitForURL(({ pathname }) => pathname !== "/conversations/new");
  expect(await stored(new URL(page.url()).pathname.split("/").at(-1) ?? "")).toMatchObject([
    { content: "Olá" },
  ]);
  expect(faults).toEqual([]);
});

test("N and a first message, as fast as keys go on a slow machine, arrive as they were typed, once", async () => {
  const { page, context, faults } = await app.agents.agent();
  const machine = await context.newCDPSession(page);
  for (const round of [0, 1, 2]) {
    await page.goto("/");
    await isLive(page);
    await machine.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    const text = `Ola! Seu pedido ${round} chegou.`;
    await page.keyboard.press("n");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
    await page.waitForURL(/conversations\/[0-9a-f-]{36}/);
    await machine.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await expect.poll(() => stored(id).catch(() => [])).toMatchObject([{ content: text }]);
  }
  await page.goto("/conversations/new");
  await isLive(page);
  await expect
    .poll(() => page.getByRole("textbox", { name: "Escreva a primeira mensagem" }).inputValue())
    .toBe("");
  expect(faults).toEqual([]);
});

test("a message refused because the conversation was closed meanwhile says so, with a way on", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent({
    // Someone else closes it between the Enter and the queue. This tab hears nothing of it: its stream is its own, cut.
    before: async (context) => {
      await context.addInitScript("delete globalThis.SharedWorker");
      await context.route("**/live?*", (route) => route.abort());
      await context.route("**/data/events", async (route) => {
        await app.post(closeConversation(id));
        await route.continue();
      });
    },
  });
  await page.goto(`/conversations/${id}`);
  await page.getByRole("textbox", { name: /^Resposta para/ }).fill("Ainda está aí?");
  await page.keyboard.press("Enter");
  await page.getByText("Não entrou: chegou depois do fechamento.").waitFor();
  await page.getByRole("log").getByRole("button", { name: "Copiar texto" }).waitFor();
  await page.getByRole("log").getByRole("button", { name: "Levar para nova conversa" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  await page.getByRole("log").getByText("Ainda está aí?").waitFor();
});

test("without scripts, conversations are begun, answered and closed all the same", async () => {
  const { page } = await app.agents.agent({ scripts: false });
  await page.goto("/");
  await page.getByRole("region", { name: "Conversas" }).getByRole("link", { name: "Nova conversa" }).click();
  await page.getByRole("textbox", { name: "Escreva a primeira mensagem" }).fill("Uma linha\nOutra");
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
  await page.getByRole("log").getByText("Uma linha").waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect(await stored(id)).toMatchObject([{ content: "Uma linha\nOutra" }]);
  await page.getByRole("textbox", { name: /^Resposta para/ }).fill("E mais uma");
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
  await page.getByRole("log").getByText("E mais uma").waitFor();
  await page.getByRole("button", { name: "Fechar conversa" }).click();
  await page.getByText("Fechar esta conversa?").waitFor();
  await page.getByRole("button", { name: "Fechar conversa" }).last().click();
  await page.getByText("Não dá para reabrir.").waitFor();
});

test("past the limit nothing is sent, and the counter says by how much", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const field = page.getByRole("textbox", { name: /^Resposta para/ });
  await field.fill("a".repeat(65_536 - 10));
  await page.getByText("Faltam 10 caracteres para o limite").waitFor();
  await field.fill("a".repeat(65_536 + 24));
  await page.getByText("Passou 24 caracteres do limite de 65.536").waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Enviar", exact: true }).isDisabled()).toBe(true);
  await field.press("Enter");
  await expect.poll(() => field.inputValue()).toHaveLength(65_560);
  await field.fill("a".repeat(65_536));
  await field.press("Enter");
  await page.getByText("65.536 caracteres").waitFor();
  await expect.poll(async () => (await stored(id)).at(-1)?.content.length).toBe(65_536);
});

test("a draft survives a reload and stands in the list", async () => {
  const [id, other] = [await app.conversation("Oi"), await app.conversation("Alô")];
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await page.getByRole("textbox", { name: /^Resposta para/ }).fill("Pela metade");
  await page.reload();
  await expect
    .poll(() => page.getByRole("textbox", { name: /^Resposta para/ }).inputValue())
    .toBe("Pela metade");
  await page.goto(`/conversations/${other}`);
  await page.locator(`[data-id="${id}"]`).getByText("Rascunho").waitFor();
});

test("what is typed for the palette while it still loads is neither lost nor sent to the customer", async () => {
  const id = await app.conversation("Bom dia!");
  const { page, faults } = await app.agents.agent();
  let load = (): void => {};
  const asked = new Promise<void>((resolve) => {
    void page.route(/\/palette-[^/]*\.js/, async (route) => {
      const loaded = new Promise<void>((loads) => (load = loads));
      resolve();
      await loaded;
      await route.continue();
    });
  });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const field = replyField(page);
  await field.focus();
  await page.keyboard.press("Control+k");
  await asked;
  await page.keyboard.type("entraram");
  await expect.poll(() => field.inputValue()).toBe("");
  load();
  await page
    .getByRole("option", { name: /não entraram/i })
    .first()
    .waitFor();
  await expect.poll(() => page.getByRole("combobox").inputValue()).toBe("entraram");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("combobox");
  // It goes on where it was, over nothing.
  await page.keyboard.type(" na conversa");
  await expect.poll(() => page.getByRole("combobox").inputValue()).toBe("entraram na conversa");
  expect(await stored(id)).toMatchObject([{ content: "Bom dia!" }]);
  expect(faults).toEqual([]);
});
