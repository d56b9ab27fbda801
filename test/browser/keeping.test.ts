import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

/* What an agent writes and does is not lost: by a colleague's close, without a network, by another tab, by a slip. */

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

type Row = { id: string };
const conversations = async (): Promise<string[]> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/?limit=100`);
  return ((await answer.json()) as Row[]).map(({ id }) => id);
};
const texts = async (id: string): Promise<string[]> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/`);
  return ((await answer.json()) as { messages: { content: string }[] }).messages.map(
    ({ content }) => content,
  );
};
const firstMessage = (page: Page) => page.getByRole("textbox", { name: "Escreva a primeira mensagem" });
const openId = (page: Page): string => new URL(page.url()).pathname.split("/").at(-1) ?? "";

test("what was being written stays when a colleague closes, is not sent, and can be taken along", async () => {
  const id = await app.conversation("Oi");
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await page.keyboard.press("r");
  await page.keyboard.type("Vou verif");
  await app.post(closeConversation(id));
  await page.getByText("Esta conversa foi fechada enquanto você escrevia.").waitFor();
  await page.keyboard.type("icar nenhum");
  await page.keyboard.press("Enter");
  await page.getByText("Nada foi enviado").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await expect.poll(() => replyField(page).inputValue()).toBe("Vou verificar nenhum");
  expect(await texts(id)).toEqual(["Oi"]);
  // Nothing offers to send it.
  expect(await page.getByRole("button", { name: "Enviar", exact: true }).count()).toBe(0);
  expect(await page.getByText("envia e vai à próxima").count()).toBe(0);
  await page.reload();
  await expect.poll(() => replyField(page).inputValue()).toBe("Vou verificar nenhum");
  await page.getByRole("button", { name: "Levar para nova conversa" }).click();
  await expect.poll(() => firstMessage(page).inputValue()).toBe("Vou verificar nenhum");
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.keyboard.type(" pedido");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/new"));
  await expect.poll(() => texts(openId(page)).catch(() => [])).toEqual(["Vou verificar nenhum pedido"]);
  expect(faults).toEqual([]);
});

test("a conversation is begun once, however often Enter is pressed while nothing answers", async () => {
  const before = await conversations();
  const { context, page } = await app.agents.agent({ expected: /./ });
  await page.goto("/");
  await isLive(page);
  let letGo = (): void => {};
  const frozen = new Promise<void>((resolve) => (letGo = resolve));
  await context.route("**/data/events", async (route) => {
    await frozen;
    await route.continue();
  });
  await page.keyboard.press("n");
  await page.keyboard.type("Bom dia");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await threadOf(page).getByText("Bom dia").waitFor();
  letGo();
  await expect.poll(() => texts(openId(page)).catch(() => [])).toEqual(["Bom dia"]);
  expect((await conversations()).filter((id) => !before.includes(id))).toEqual([openId(page)]);
});

test("without a network a conversation is begun all the same, and what was seen opens", async () => {
  const [seen, unseen] = [await app.conversation("Já vista"), await app.conversation("Ainda não")];
  const { context, page } = await app.agents.agent({ expected: /./ });
  await page.goto(`/conversations/${seen}`);
  await isLive(page);
  await context.setOffline(true);
  await page.locator(`.row[data-id="${unseen}"]`).click();
  await page.getByText("Esta conversa ainda não foi aberta neste aparelho.").waitFor();
  await page.keyboard.press("r");
  await page.keyboard.type("Respondo já");
  await page.locator(`.row[data-id="${seen}"]`).click();
  await threadOf(page).getByText("Já vista").waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("Sem rede");
  await page.keyboard.press("Enter");
  await threadOf(page).getByText("Sem rede").waitFor();
  const begun = openId(page);
  const details = page.getByRole("complementary", { name: "Detalhes da conversa" });
  await details.getByText("Ainda não começou").waitFor();
  expect(await details.getByText("Iniciada em").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Fechar conversa" }).count()).toBe(0);
  await context.setOffline(false);
  await expect.poll(() => texts(begun).catch(() => []), { timeout: 20_000 }).toEqual(["Sem rede"]);
  await details.getByText("Aberta", { exact: true }).waitFor();
  await page.locator(`.row[data-id="${unseen}"]`).click();
  await threadOf(page).getByText("Ainda não").waitFor();
  await expect.poll(() => replyField(page).inputValue()).toBe("Respondo já");
});

test("letters outside of a field create, close and send nothing", async () => {
  const id = await app.conversation("Oi");
  const before = await conversations();
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await page.keyboard.type("nenhum nome, sem nenhum nome");
  await page.keyboard.press("Escape");
  await page.goto(`/conversations/${id}`);
  await page.keyboard.type("e");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  expect((await conversations()).toSorted()).toEqual(before.toSorted());
  expect(await texts(id)).toEqual(["Oi"]);
  expect(faults).toEqual([]);
});

test("two tabs on one conversation have one draft, and neither overwrites the other's", async () => {
  const id = await app.conversation("Oi");
  const { page, tab } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const other = await tab(`/conversations/${id}`);
  await replyField(page).pressSequentially("Primeiro");
  await expect.poll(() => replyField(other).inputValue()).toBe("Primeiro");
  await replyField(other).press("End");
  await replyField(other).pressSequentially(", depois");
  await expect.poll(() => replyField(page).inputValue()).toBe("Primeiro, depois");
  await other.close();
  await page.reload();
  await expect.poll(() => replyField(page).inputValue()).toBe("Primeiro, depois");
});

test("on a touch keyboard Enter breaks the line, and files are refused in words", async () => {
  const id = await app.conversation("Oi");
  const { page, faults } = await app.agents.agent({ size: "phone", touch: true });
  await page.goto(`/conversations/${id}`);
  const field = replyField(page);
  await field.pressSequentially("Uma linha");
  await field.press("Enter");
  await field.pressSequentially("e outra");
  await expect.poll(() => field.inputValue()).toBe("Uma linha\ne outra");
  const refused = await field.evaluate((element) => {
    const files = new DataTransfer();
    files.items.add(new File(["x"], "foto.png", { type: "image/png" }));
    const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files });
    element.dispatchEvent(
      new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: files }),
    );
    return !document.body.dispatchEvent(drop);
  });
  expect(refused).toBe(true);
  await page.getByText("Ainda não dá para enviar arquivos.").first().waitFor();
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
  await expect.poll(() => texts(id)).toEqual(["Oi", "Uma linha\ne outra"]);
  await page.setViewportSize({ width: 844, height: 390 });
  const messages = await threadOf(page).boundingBox();
  expect(messages?.height).toBeGreaterThan(200);
  expect(faults).toEqual([]);
});
