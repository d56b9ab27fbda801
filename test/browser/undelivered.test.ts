import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { conversation, receiptOf, timestampOf } from "@fio/contracts";
import { keyOf } from "@fio/service/secrets";
import { applyBatch } from "../../services/conversations/src/store/apply.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { SIDE_WRITES } from "../../services/conversations/src/store/testing/fixture.ts";
import { startReceiver, type Doing, type Receiver } from "../support/receiver.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { signedIn } from "./support/accounts.ts";
import type { Agent } from "./support/agents.ts";
import { startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

/* What agents write leaves for a receiver that takes it, does not take it now, or does not want it. */

const SECRET = "what deliveries are signed with";

let app: App;
let receiver: Receiver;
let marina: Agent;
let bruno: Agent;
beforeAll(async () => {
  const key = keyOf(SECRET);
  receiver = await startReceiver({ keys: key === null ? [] : [key] });
  app = await startApp({
    env: { SIGN_IN: "required", DELIVERY_URL: receiver.url, DELIVERY_SECRETS: SECRET },
  });
  marina = await signedIn(app, { name: "Marina Alves" });
  bruno = await signedIn(app, { name: "Bruno Reis" });
});
afterAll(async () => {
  await app.end();
  await receiver.close();
});
let does: Doing;
beforeEach(() => {
  does = { status: 200 };
  receiver.does(() => does);
});
afterEach(() => expect([...marina.faults, ...bruno.faults]).toEqual([]));

const SILENT: Doing = { status: 500 };
const gone = (code: string): Doing => ({
  status: 410,
  body: JSON.stringify({ error: { code, message: "the window is over" } }),
});
const open = async ({ page }: Agent, path: string): Promise<Page> => {
  await page.goto(`${app.system.webUrl}${path}`);
  return page;
};
const bubble = (page: Page, text: string): Locator =>
  threadOf(page).locator(".msg.out").filter({ hasText: text });
const write = async (page: Page, text: string): Promise<Locator> => {
  await replyField(page).fill(text);
  await replyField(page).press("Enter");
  return bubble(page, text);
};
const said = (where: Locator, text: string): Promise<void> =>
  where.getByText(text, { exact: true }).waitFor({ state: "attached" });
const hasIt = (text: string): boolean =>
  receiver.received().some(({ body }) => body.data.message.content === text);
/** The mark in the rail. */
const marked = (page: Page): Locator =>
  page.getByRole("navigation", { name: "Principal" }).locator(".failed-count");
const key = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press(name);
};
/** A close that was accepted before its last message, and that a worker comes to only now. */
const closeBefore = async (id: string): Promise<void> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/`);
  const last = conversation.parse(await answer.json()).messages.at(-1);
  const store = openStore(app.system.databaseUrl);
  await applyBatch(store, {
    ...SIDE_WRITES,
    now: Date.now(),
    delivers: true,
    events: [
      {
        receipt: receiptOf(BigInt(last?.receipt ?? 0) - 1n),
        event: { type: "CLOSE_CONVERSATION", timestamp: timestampOf(Date.now() - 1_000), data: { id } },
      },
    ],
  });
  await store.close();
};

test("an answer that waits, is given up, and is tried again by a key is told to all as it is", async () => {
  const id = await app.conversation("Meu pedido saiu?");
  const page = await open(marina, `/conversations/${id}`);
  const other = await open(bruno, `/conversations/${id}`);
  await Promise.all([page, other].map(isLive));

  does = SILENT;
  const own = await write(page, "Sai hoje às 18h");
  const theirs = bubble(other, "Sai hoje às 18h");
  // Long enough that it is said to everyone, not only to those who hear the page.
  for (const one of [own, theirs]) await one.locator(".waits", { hasText: "Aguardando o envio" }).waitFor();

  does = gone("131047");
  for (const one of [own, theirs]) {
    await one.getByText("Não saiu.").waitFor();
    await one.getByText(/Faz mais de 24 horas que o cliente escreveu/).waitFor();
    await one.getByRole("button", { name: "Escrever de novo" }).waitFor();
  }
  expect(await violationsInBothThemes(page)).toEqual([]);
  for (const one of [page, other])
    await marked(one).getByText("1 resposta não saiu").waitFor({ state: "attached" });

  // Not taken, by a reason that the receiver does not tell.
  does = { status: 400 };
  await key(page, "t");
  await own.getByText(/O serviço de envio não aceitou esta mensagem/).waitFor();
  await theirs.getByText(/O serviço de envio não aceitou esta mensagem/).waitFor();

  does = { status: 200 };
  await own.getByRole("button", { name: "Tentar de novo" }).focus();
  await page.keyboard.press("Enter");
  for (const one of [own, theirs]) {
    await one.getByText(/^Enviada mais tarde \(hoje, \d\d:\d\d\): foi preciso tentar de novo\.$/).waitFor();
    await said(one, "Enviada ao WhatsApp");
    expect(await one.getByRole("button").count()).toBe(0);
  }
  expect(hasIt("Sai hoje às 18h")).toBe(true);
  for (const one of [page, other]) await marked(one).waitFor({ state: "detached" });
  // The focus is where the answer is.
  expect(await own.locator(".not-delivered").evaluate((note) => note === document.activeElement)).toBe(true);
  await page.reload();
  await own.getByText(/^Enviada mais tarde/).waitFor();
});

test("an answer that the receiver has is told as sent, with nothing to do", async () => {
  const page = await open(marina, `/conversations/${await app.conversation("Oi")}`);
  await isLive(page);
  const own = await write(page, "Bom dia!");
  await said(own, "Enviada ao WhatsApp");
  expect(await own.locator(".not-delivered").count()).toBe(0);
});

test("answers that did not go out are listed, counted, and tried again by keys; nothing moves under the focus", async () => {
  does = { status: 401 };
  const page = await open(marina, `/conversations/${await app.conversation("Oi")}`);
  await isLive(page);
  await (await write(page, "Primeira")).getByText("Não saiu.").waitFor();
  await (await write(page, "Segunda")).getByText("Não saiu.").waitFor();
  const list = await open(bruno, "/rejections");
  await list.getByRole("link", { name: /Respostas que não saíram/ }).click();
  const rows = list.getByRole("region", { name: "Respostas que não saíram" }).getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(2);
  await rows
    .first()
    .getByText(/não aceitou o acesso da empresa/)
    .waitFor();
  await rows.first().getByText("Escrita por Marina Alves").waitFor();
  await marked(list).getByText("2 respostas não saíram").waitFor({ state: "attached" });
  expect(await violationsInBothThemes(list)).toEqual([]);

  does = { status: 200 };
  await key(list, "j");
  await expect.poll(() => rows.first().locator(":focus").textContent()).toBe("Tentar de novo");
  await list.keyboard.press("t");
  await rows.first().getByText("Mandada de novo. Aguardando o envio.").waitFor();
  await bubble(page, "Segunda")
    .getByText(/^Enviada mais tarde/)
    .waitFor();
  // The focus has gone on, and no row has moved.
  await expect.poll(() => rows.nth(1).locator(":focus").textContent()).toBe("Tentar de novo");
  await expect.poll(() => rows.count()).toBe(2);
  does = { status: 401 };
  await (await write(page, "Terceira")).getByText("Não saiu.").waitFor();
  await list.getByRole("button", { name: "1 nova" }).click();
  await expect
    .poll(() => rows.allInnerTexts().then((all) => all.map((text) => /\n(\w+)\n\n?Tentar/.exec(text)?.[1])))
    .toEqual(["Terceira", "Primeira"]);
  does = { status: 200 };
  for (const left of [1, 0]) {
    await key(list, "t");
    await expect.poll(() => rows.locator(".send-again").count()).toBe(left);
  }
  await list.mouse.move(0, 0);
  await list.getByText("Nada a resolver").waitFor();
  await marked(list).waitFor({ state: "detached" });
});

test("an answer that somebody has seen to is listed and counted no more; its conversation goes on showing that it did not leave", async () => {
  does = { status: 400 };
  const page = await open(marina, `/conversations/${await app.conversation("Oi")}`);
  await isLive(page);
  const [first, second] = [await write(page, "Dispensada"), await write(page, "Ainda não")];
  for (const one of [first, second]) await one.getByText("Não saiu.").waitFor();
  const list = await open(bruno, "/rejections/undelivered");
  const rows = list.getByRole("region", { name: "Respostas que não saíram" }).getByRole("listitem");
  const seen = (of: Locator): Locator => of.getByText("Vista", { exact: true });
  await expect.poll(() => rows.count()).toBe(2);
  expect(await violationsInBothThemes(list)).toEqual([]);

  await key(list, "j");
  await list.keyboard.press("Tab");
  await expect.poll(() => rows.first().locator(":focus").textContent()).toBe("Já vi");
  await list.keyboard.press("Enter");
  await seen(rows.first()).waitFor();
  // The focus has gone on, and no row has moved.
  await expect.poll(() => rows.nth(1).locator(":focus").textContent()).toBe("Já vi");
  for (const one of [list, page])
    await marked(one).getByText("1 resposta não saiu").waitFor({ state: "attached" });
  await list.reload();
  await expect.poll(() => rows.count()).toBe(1);
  await rows.first().getByText("Dispensada").waitFor();

  // Whoever has the conversation open is told, and can still have it sent.
  await seen(first.or(second)).waitFor();
  await second.getByText("Não saiu.").waitFor();
  await second.getByRole("button", { name: "Tentar de novo" }).waitFor();
  await first.getByRole("button", { name: "Já vi" }).focus();
  await page.keyboard.press("Enter");
  await seen(first).waitFor();
  expect(await first.locator(".not-delivered").evaluate((note) => note === document.activeElement)).toBe(
    true,
  );
  expect(await violationsInBothThemes(page)).toEqual([]);
  await list.mouse.move(0, 0);
  await list.getByText("Nada a resolver").waitFor();
  for (const one of [list, page]) await marked(one).waitFor({ state: "detached" });
  await page.reload();
  for (const one of [first, second]) {
    await one.getByText("Não saiu.").waitFor();
    await seen(one).waitFor();
  }

  // Given up once more it is another matter.
  await first.getByRole("button", { name: "Tentar de novo" }).click();
  await rows.filter({ hasText: "Dispensada" }).waitFor();
  await first.getByRole("button", { name: "Já vi" }).click();
  await list.getByText("Nada a resolver").waitFor();
});

test("without a script the list and its buttons work", async () => {
  does = { status: 400 };
  const id = await app.conversation("Oi");
  const page = await open(marina, `/conversations/${id}`);
  await isLive(page);
  await (await write(page, "Sem script")).getByText("Não saiu.").waitFor();
  const plain = await signedIn(app, { name: "Clara Dias", scripts: false });
  const list = await open(plain, "/rejections/undelivered");
  does = { status: 200 };
  const row = (text: string): Locator => list.getByRole("listitem").filter({ hasText: text });
  await row("Sem script").getByRole("button", { name: "Tentar de novo" }).click();
  await list.getByText("Nada a resolver").waitFor();
  await expect.poll(() => hasIt("Sem script")).toBe(true);
  does = { status: 400 };
  await (await write(page, "Nem precisava")).getByText("Não saiu.").waitFor();
  await list.reload();
  await row("Nem precisava").getByRole("button", { name: "Já vi" }).click();
  await list.getByText("Nada a resolver").waitFor();
});

test("an answer that had left when a close took it out is told to have reached the customer", async () => {
  const id = await app.conversation("Oi");
  const page = await open(marina, `/conversations/${id}`);
  await isLive(page);
  const own = await write(page, "Já saiu");
  await said(own, "Enviada ao WhatsApp");
  await closeBefore(id);
  const late = threadOf(page).locator(".after-close", { hasText: "Já saiu" });
  await late.getByText("Chegou ao cliente depois do fechamento").waitFor();
});
