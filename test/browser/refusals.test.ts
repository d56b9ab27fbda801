import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { violations, violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { hasAllCode } from "./support/page.ts";

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
const refusal = (page: Page, text: string) => table(page).getByRole("listitem").filter({ hasText: text });
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
  await open(page, "/rejections");
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
  await expect.poll(() => one.page.evaluate(() => document.activeElement === document.body)).toBe(false);
  await one.page.getByRole("link", { name: "Todas" }).focus();
  await refusal(one.page, text).waitFor({ state: "detached" });

  const timeline = (page: Page) =>
    page.getByRole("complementary").getByRole("listitem").filter({ hasText: "Mensagem do cliente" }).first();
  await one.page.goto(`/conversations/${id}`);
  for (const again of [false, true]) {
    if (again) await one.page.reload();
    await one.page.getByRole("log").getByText(text).waitFor();
    await one.page.getByRole("complementary").getByText("Detalhes técnicos").click();
    await timeline(one.page).getByText("Na conversa", { exact: true }).waitFor();
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
  await older.getByText("Detalhes técnicos").click();
  await older.getByLabel("Evento completo", { exact: true }).waitFor();
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
  await expect.poll(() => table(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => older.getByLabel("Evento completo", { exact: true }).isVisible()).toBe(true);

  // What is expanded stays to be read, even after it got in.
  await app.post(first!.creation, third!.creation);
  await older.getByText("Na conversa", { exact: true }).waitFor();
  await refusal(page, text(third!.message)).waitFor({ state: "detached" });
  await older.getByText("Detalhes técnicos").focus();
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
  await expect.poll(() => page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.mouse.move(0, 0);
  await refusal(page, text).waitFor({ state: "detached" });
  expect(faults).toEqual([]);
});

test("several reasons at once stand apart, each with its own way on, and what is done about one leaves the others", async () => {
  const id = await app.conversation("Oi");
  const twice = randomUUID();
  const text = `falhou ${twice}`;
  const trigger = `create trigger refuse_one before insert on messages when new.content = '${text}'
    begin select raise(abort, 'refused'); end`;
  await onStore(trigger);
  await app.post(newConversation(id));
  await app.post(newMessage(id, "a primeira", { id: twice }));
  await app.post(newMessage(id, "a segunda", { id: twice }));
  await app.post(newMessage(id, text));
  await app.post(closeConversation(id));
  await app.post(closeConversation(id));
  await app.post(newMessage(id, "resposta tardia", { direction: "SENT" }));
  const words = {
    "pt-BR": [
      ["Chegou depois do fechamento", "Levar para nova conversa"],
      ["A conversa já tinha sido fechada", "Nada a fazer"],
      ["Falha nossa", "Tentar de novo"],
      ["Outra mensagem já usa este ID", "Levar para nova conversa"],
      ["Esta conversa já existia", "Nada a fazer"],
    ],
    "en-US": [
      ["Came in after closing", "Move to a new conversation"],
      ["The conversation was already closed", "Nothing to do"],
      ["Something went wrong on our side", "Try again"],
      ["Another message has the same ID", "Move to a new conversation"],
      ["This conversation already existed", "Nothing to do"],
    ],
  } as const;
  for (const language of ["pt-BR", "en-US"] as const) {
    const { page, faults } = await app.agents.agent({ language, theme: "dark", size: "phone" });
    await page.goto(`/rejections?show=all&conversation=${id}`);
    const items = table(page).getByRole("listitem");
    await expect.poll(() => items.count()).toBe(5);
    for (const [index, [reason, way]] of words[language].entries()) {
      await items.nth(index).getByText(`${reason}.`).waitFor();
      await items.nth(index).getByText(way, { exact: true }).waitFor();
    }
    if (language === "en-US") expect(await violationsInBothThemes(page)).toEqual([]);
    expect(faults).toEqual([]);
  }
  const { page, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const details = page.getByRole("complementary").getByRole("article");
  await expect.poll(() => details.count()).toBe(5);
  await details
    .filter({ hasText: "Outra mensagem já usa este ID" })
    .getByRole("button", { name: "Já vi" })
    .click();
  await details.filter({ hasText: "a segunda" }).getByText("Vista").waitFor();
  await details.filter({ hasText: "resposta tardia" }).getByRole("button", { name: "Já vi" }).waitFor();
  await expect.poll(() => details.getByRole("button", { name: "Tentar de novo" }).count()).toBe(1);
  expect(faults).toEqual([]);
  await onStore("drop trigger refuse_one");
});

test("what is to be resolved is on the first page, however much else was left out since", async () => {
  const text = `a resolver ${randomUUID()}`;
  const { message, creation } = waiting(text);
  await app.post(message);
  const id = await closed();
  const ours = (index: number) => newMessage(id, `resposta ${index}.`, { direction: "SENT" });
  await app.post(...Array.from({ length: 60 }, (_, index) => ours(index)));
  const { page, faults } = await app.agents.agent();
  await open(page, "/rejections");
  await refusal(page, text).waitFor();
  await page.getByText("Fim da lista").waitFor();
  await page.getByRole("link", { name: "Todas" }).click();
  await refusal(page, "resposta 59.").waitFor();
  await expect.poll(() => table(page).getByRole("listitem").count()).toBeGreaterThanOrEqual(50);
  await page.getByRole("link", { name: "Mostrar anteriores" }).click();
  await refusal(page, "resposta 9.").waitFor();
  await page.getByRole("link", { name: "Voltar às mais recentes" }).click();
  await refusal(page, "resposta 59.").waitFor();
  await app.post(creation);
  expect(faults).toEqual([]);
});

/** All that is left over from other tests is marked as seen. */
const seenAll = async (): Promise<void> => {
  const { page } = await app.agents.agent();
  await open(page, "/rejections");
  for (;;) {
    const buttons = table(page).getByRole("button", { name: "Já vi" });
    if ((await buttons.count()) === 0) break;
    const receipt = table(page).getByRole("listitem").first();
    await buttons.first().click();
    await receipt.getByText("Vista").waitFor();
    await page.mouse.move(0, 0);
    await page.reload();
    await isLive(page);
  }
};

test("marked as seen by keyboard the focus goes on, the rail's dot goes out, and nothing is left to resolve", async () => {
  await seenAll();
  const texts = [1, 2].map((index) => `tarde ${index} ${randomUUID()}`);
  const id = await closed();
  const other = await app.agents.agent();
  await other.page.goto("/");
  const dot = other.page.getByRole("navigation").getByText("há mensagens a resolver");
  await other.page.getByRole("region", { name: "Conversas" }).getByText("Ao vivo").last().waitFor();
  await dot.waitFor({ state: "detached" });
  const { page, faults } = await app.agents.agent();
  await open(page, "/rejections");
  await page.getByText("Nada a resolver").waitFor();
  await app.post(...texts.map((text) => newMessage(id, text)));
  await dot.waitFor();
  for (const text of texts) await refusal(page, text).waitFor();
  // The first of the list, then what can be done about it, then what else.
  for (const key of ["j", "j", "k", "Tab", "Enter"]) await page.keyboard.press(key);
  await refusal(page, texts[1]!).getByText("Vista").waitFor();
  await page.waitForFunction(
    (text) => document.activeElement?.closest("li")?.textContent.includes(text),
    texts[0]!,
  );
  expect(await violations(page)).toEqual([]);
  await refusal(page, texts[0]!).getByRole("button", { name: "Já vi" }).focus();
  await page.keyboard.press("Enter");
  await dot.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Todas" }).click();
  await refusal(page, texts[0]!).getByText("Vista").waitFor();
  await refusal(page, texts[0]!).getByRole("button", { name: "Levar para nova conversa" }).waitFor();
  expect([...faults, ...other.faults]).toEqual([]);
});

test("carried from two tabs it is carried once, and both ends link to each other", async () => {
  const text = `levar ${randomUUID()}`;
  const id = await closed();
  await app.post(newMessage(id, text));
  const [one, other] = [await app.agents.agent(), await app.agents.agent()];
  await Promise.all([open(one.page, "/rejections"), open(other.page, "/rejections")]);
  const carry = ({ page }: typeof one) =>
    refusal(page, text).getByRole("button", { name: "Levar para nova conversa" });
  await Promise.all([carry(one).dblclick(), carry(other).dblclick()]);
  const links = await Promise.all(
    [one, other].map(({ page }) =>
      refusal(page, text)
        .getByRole("link", { name: /^Levada para/ })
        .getAttribute("href"),
    ),
  );
  expect(links[0]).toBe(links[1]);
  await one.page.goto(links[0]!);
  await one.page.getByRole("log").getByText(text).waitFor();
  await expect.poll(() => one.page.getByRole("log").getByText(text).count()).toBe(1);
  const origin = one.page.getByRole("log").getByRole("link", { name: /1 mensagem veio de/ });
  const inDetails = one.page.getByRole("complementary").getByRole("link", { name: /1 mensagem veio/ });
  await expect.poll(() => inDetails.count()).toBe(1);
  await origin.click();
  await one.page.waitForURL(`**/conversations/${id}`);
  await one.page
    .getByRole("log")
    .getByRole("link", { name: /^Levada para/ })
    .waitFor();
  expect([...one.faults, ...other.faults]).toEqual([]);
});

test("what could not be carried is said beside it, is still there, and is carried when it is tried again", async () => {
  const text = `tentar ${randomUUID()}`;
  const id = await closed();
  await app.post(newMessage(id, text));
  const { page, context } = await app.agents.agent();
  await open(page, "/rejections");
  await context.setOffline(true);
  await refusal(page, text).getByRole("button", { name: "Levar para nova conversa" }).click();
  await refusal(page, text).getByText("Não deu para levar: o servidor não respondeu.").waitFor();
  expect(await violations(page)).toEqual([]);
  await context.setOffline(false);
  await refusal(page, text).getByRole("button", { name: "Tentar de novo" }).click();
  await refusal(page, text)
    .getByRole("link", { name: /^Levada para/ })
    .waitFor();
});

test("while messages are not taken in nothing is carried, that is said in the thread, and later it is carried once", async () => {
  const text = `ninguém recebe ${randomUUID()}`;
  const id = await closed();
  await app.post(newMessage(id, text));
  const all = async (): Promise<string[]> => {
    const answer = await fetch(`${app.system.apiUrl}/conversations/?limit=1000`);
    return ((await answer.json()) as { id: string }[]).map((row) => row.id);
  };
  const before = await all();
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  const thread = page.getByRole("log");
  const [ingest] = app.system.ingests;
  await ingest!.kill();
  await thread.getByRole("button", { name: "Levar para nova conversa" }).click();
  await thread.getByText(/^Não deu para levar: /).waitFor();
  await thread.getByText(text).waitFor();
  await thread.getByRole("button", { name: "Tentar de novo" }).click();
  await thread.getByText("Levando…").waitFor({ state: "detached" });
  await thread.getByText(/^Não deu para levar: /).waitFor();
  await ingest!.start();
  await thread.getByRole("button", { name: "Tentar de novo" }).click();
  await thread.getByRole("link", { name: /^Levada para/ }).click();
  await page.waitForURL((url) => url.pathname !== `/conversations/${id}`);
  await thread.getByRole("link", { name: /1 mensagem veio de/ }).waitFor();
  await expect.poll(() => thread.getByText(text).count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  if (process.env["FIO_PICTURES"] !== undefined)
    await page.screenshot({ path: `${process.env["FIO_PICTURES"]}/carried.png` });
  expect((await all()).filter((each) => !before.includes(each)).length).toBe(1);
});

test("without scripts it is carried, too, and the other conversation opens", async () => {
  const text = `sem scripts ${randomUUID()}`;
  const id = await closed();
  await app.post(newMessage(id, text));
  const { page } = await app.agents.agent({ scripts: false });
  await page.goto(`/rejections?conversation=${id}`);
  await page.getByRole("listitem").filter({ hasText: text }).getByText("Detalhes técnicos").click();
  await page.getByRole("button", { name: "Levar para nova conversa" }).click();
  await page.waitForURL(/\/conversations\//);
  await page.getByRole("log").getByText(text).waitFor();
});

test("without scripts it is marked as seen where it is read, and nobody is led elsewhere", async () => {
  const text = `visto sem scripts ${randomUUID()}`;
  const id = await closed();
  await app.post(newMessage(id, text));
  const { page } = await app.agents.agent({ scripts: false });
  await page.goto(`/conversations/${id}`);
  const late = page.getByRole("complementary").getByRole("article").filter({ hasText: text });
  await late.getByRole("button", { name: "Já vi" }).click();
  await late.getByText("Vista").waitFor();
  expect(new URL(page.url()).pathname).toBe(`/conversations/${id}`);
});

test("an idle page asks for nothing but its stream", async () => {
  const { page } = await app.agents.agent();
  await open(page, "/rejections");
  await page.waitForLoadState("load");
  await hasAllCode(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.waitForTimeout(6_000);
  expect(asked.filter((url) => !url.includes("/live"))).toEqual([]);
});
