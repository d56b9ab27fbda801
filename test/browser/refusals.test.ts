import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { violations } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { WAIT_GRACE_SECONDS: "1" } });
});
afterAll(() => app.end());

const isLive = (page: Page): Promise<void> =>
  page
    .getByRole("main")
    .getByText(/^(Ao vivo|Live)/)
    .first()
    .waitFor();
const table = (page: Page) =>
  page.getByRole("region", { name: /^(Mensagens que não entraram|Messages left out)$/ });
/** Its line, which links to the conversation; the whole event is in a row of its own. */
const refusal = (page: Page, text: string) =>
  table(page)
    .getByRole("row")
    .filter({ hasText: text, has: page.getByRole("link") });
const open = async (page: Page, address: string): Promise<void> => {
  await page.goto(address);
  await isLive(page);
  await page.mouse.move(0, 0);
};
/** A message of a conversation that nobody knows yet, and its creation. */
const waiting = (text: string) => {
  const id = randomUUID();
  return { message: newMessage(id, text), creation: newConversation(id) };
};
const closed = async (): Promise<string> => {
  const id = await app.conversation("Oi");
  await app.post(closeConversation(id));
  return id;
};
const onStore = async (statement: string): Promise<void> => {
  const store = openStore(app.system.databaseUrl);
  try {
    await store.write.raw(statement);
  } finally {
    await store.close();
  }
};
/** The store's own refusal of a text stands for a bug of ours that one event meets each time. */
const failing = async (text: string): Promise<{ id: string; mend: () => Promise<void> }> => {
  const id = await app.conversation("Oi");
  await onStore(`create trigger refuse before insert on messages when new.content = '${text}'
    begin select raise(abort, 'refused'); end`);
  await app.post(newMessage(id, text));
  return { id, mend: () => onStore("drop trigger refuse") };
};

test.for([
  ["pt-BR", "Chegou depois do fechamento"],
  ["en-US", "Came in after closing"],
] as const)("a new refusal is there by itself (%s)", async ([language, reason]) => {
  const id = await closed();
  const { page, faults } = await app.agents.agent({ language });
  await open(page, "/rejections?show=final");
  const text = `cheguei tarde ${randomUUID()}`;
  await app.post(newMessage(id, text));
  await refusal(page, text).getByText(reason).waitFor();
  expect(faults).toEqual([]);
});

test.for([
  ["pt-BR", "A conversa ainda não chegou"],
  ["en-US", "Its conversation hasn't come in yet"],
] as const)(
  "one that waits is there by itself, and leaves when its conversation comes (%s)",
  async ([language, reason]) => {
    const { page, faults } = await app.agents.agent({ language });
    await open(page, "/rejections");
    const text = `antes da conversa ${randomUUID()}`;
    const { message, creation } = waiting(text);
    await app.post(message);
    await refusal(page, text).getByText(reason).waitFor();
    await app.post(creation);
    await refusal(page, text).waitFor({ state: "detached" });
    expect(faults).toEqual([]);
  },
);

test("one that failed by our fault leaves every screen when it is replayed, and is applied, after a reload too", async () => {
  const text = `falhou ${randomUUID()}`;
  const [one, other] = [await app.agents.agent(), await app.agents.agent()];
  await Promise.all([open(one.page, "/rejections"), open(other.page, "/rejections")]);
  const { id, mend } = await failing(text);
  await refusal(other.page, text).waitFor();
  const replay = refusal(one.page, text).getByRole("button", { name: "Tentar de novo" });
  await replay.waitFor();
  await mend();
  await replay.focus();
  await one.page.keyboard.press("Enter");
  await refusal(one.page, text).getByText("Na conversa", { exact: true }).waitFor();
  await refusal(other.page, text).waitFor({ state: "detached" });
  expect(await one.page.evaluate(() => document.activeElement?.textContent)).toBe("Na conversa");
  await one.page.getByRole("link", { name: "Definitivas" }).focus();
  await refusal(one.page, text).waitFor({ state: "detached" });

  const timeline = (page: Page) =>
    page.getByRole("complementary").getByRole("listitem").filter({ hasText: "Mensagem recebida" }).first();
  await one.page.goto(`/conversations/${id}`);
  for (const again of [false, true]) {
    if (again) await one.page.reload();
    await one.page.getByRole("log").getByText(text).waitFor();
    await timeline(one.page).getByText("Na conversa", { exact: true }).waitFor();
    expect(await one.page.getByRole("complementary").getByText("Entrou na conversa").count()).toBe(0);
  }
  expect([...one.faults, ...other.faults]).toEqual([]);
});

test("nothing moves under the pointer: what came waits to be asked for, what left says what became of it", async () => {
  const { page, faults } = await app.agents.agent();
  const [first, second, third] = [1, 2, 3].map((index) => waiting(`mensagem ${index} ${randomUUID()}`));
  await app.post(first!.message, second!.message);
  await open(page, "/rejections");
  const text = (of: object): string => (of as { data: { content: string } }).data.content;
  const [older, newer] = [refusal(page, text(first!.message)), refusal(page, text(second!.message))];
  await older.getByRole("button", { name: "Mostrar detalhes técnicos" }).click();
  await page.getByLabel("Evento completo", { exact: true }).waitFor();
  const before = await older.boundingBox();
  await app.post(second!.creation);
  await newer.getByText("Na conversa", { exact: true }).waitFor();
  await app.post(third!.message);
  const news = page.getByRole("button", { name: "1 nova" });
  await news.waitFor();
  expect(await older.boundingBox()).toEqual(before);
  expect(await refusal(page, text(third!.message)).count()).toBe(0);
  expect(await violations(page)).toEqual([]);

  // The focus is on what was pressed: it holds the rows when the pointer has gone.
  await page.mouse.move(0, 0);
  expect(await older.boundingBox()).toEqual(before);
  await news.focus();
  await page.keyboard.press("Enter");
  await refusal(page, text(third!.message)).waitFor();
  await newer.waitFor({ state: "detached" });
  expect(await table(page).evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await page.getByLabel("Evento completo", { exact: true }).count()).toBe(1);

  // What is expanded stays to be read, even after it got in.
  await app.post(first!.creation, third!.creation);
  await older.getByText("Na conversa", { exact: true }).waitFor();
  await refusal(page, text(third!.message)).waitFor({ state: "detached" });
  await older.getByRole("button", { name: "Ocultar detalhes técnicos" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Todas" }).focus();
  await older.waitFor({ state: "detached" });
  expect(faults).toEqual([]);
});

test("one that got in under the pointer goes when the pointer does: nothing took the focus", async () => {
  const { page, faults } = await app.agents.agent();
  const text = `sob o ponteiro ${randomUUID()}`;
  const { message, creation } = waiting(text);
  await app.post(message);
  await open(page, "/rejections");
  await refusal(page, text).hover();
  await app.post(creation);
  await refusal(page, text).getByText("Na conversa", { exact: true }).waitFor();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.mouse.move(0, 0);
  await refusal(page, text).waitFor({ state: "detached" });
  expect(faults).toEqual([]);
});

test("what is to be resolved is on the first page, however much was refused for good since", async () => {
  const text = `a resolver ${randomUUID()}`;
  const { message, creation } = waiting(text);
  await app.post(message);
  const id = await closed();
  await app.post(...Array.from({ length: 60 }, (_, index) => newMessage(id, `definitiva ${index}`)));
  const { page, faults } = await app.agents.agent();
  await open(page, "/rejections");
  await refusal(page, text).waitFor();
  await page.getByText("Fim da lista").waitFor();
  await page.getByRole("link", { name: "Definitivas" }).click();
  await refusal(page, "definitiva 59").waitFor();
  expect(await table(page).getByRole("link").filter({ hasText: /./ }).count()).toBeGreaterThanOrEqual(50);
  await page.getByRole("link", { name: "Mostrar anteriores" }).click();
  await refusal(page, "definitiva 9").waitFor();
  expect(await refusal(page, text).count()).toBe(0);
  await page.getByRole("link", { name: "Voltar às mais recentes" }).click();
  await refusal(page, "definitiva 59").waitFor();
  await app.post(creation);
  expect(faults).toEqual([]);
});

test("the rail tells of a new refusal wherever one is, until it was on screen", async () => {
  const { page, faults } = await app.agents.agent();
  await open(page, "/rejections?show=all");
  const news = page.getByRole("navigation").getByText("há mensagens a resolver");
  await news.waitFor({ state: "detached" });
  const id = await closed();
  await page.goto(`/conversations/${id}`);
  await page.getByRole("region", { name: "Conversas" }).getByText("Ao vivo").last().waitFor();
  expect(await news.count()).toBe(0);
  const text = `tarde demais ${randomUUID()}`;
  await app.post(newMessage(id, text));
  await news.waitFor();
  await page.getByRole("link", { name: /^Não entraram/ }).click();
  await page.getByRole("link", { name: "Definitivas" }).click();
  await refusal(page, text).waitFor();
  await news.waitFor({ state: "detached" });
  expect(faults).toEqual([]);
});
