import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Page } from "playwright-core";
import { timestampOf, type DeliveryStatus, type MessageStatus, type NewMessage } from "@fio/contracts";
import { serviceProcess } from "../support/service-process.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const live = (page: Page) =>
  page.getByRole("region", { name: "Conversas" }).getByText("Ao vivo").last().waitFor();
const log = (page: Page) => page.getByRole("log", { name: "Mensagens" });
const reply = (page: Page) => page.getByRole("textbox", { name: /^Resposta para/ });
/** What stands in the thread, message by message. */
const texts = (page: Page) => log(page).locator("[data-message] .body").allTextContents();
const storedTexts = async (id: string): Promise<string[]> => {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/?limit=1000`);
  return ((await answer.json()) as { messages: { content: string }[] }).messages.map(
    ({ content }) => content,
  );
};

test("two agents in one conversation see each other's messages, and the customer's, without a reload", async () => {
  const id = await app.conversation("Bom dia");
  const [one, two] = [await app.agents.agent(), await app.agents.agent()];
  await one.page.goto(`/conversations/${id}`);
  await two.page.goto(`/conversations/${id}`);
  await Promise.all([live(one.page), live(two.page)]);
  await reply(one.page).fill("Sou o primeiro");
  await reply(one.page).press("Enter");
  await log(two.page).getByText("Sou o primeiro").waitFor();
  await app.post(newMessage(id, "Sou o cliente"));
  await Promise.all(
    [log(one.page), log(two.page)].map((thread) => thread.getByText("Sou o cliente").waitFor()),
  );
  expect(await texts(one.page)).toEqual(await storedTexts(id));
  expect([...one.faults, ...two.faults]).toEqual([]);
});

test("a new conversation and a new message move their row to the top, unread, and the tab's title counts who waits", async () => {
  await app.conversation("Já estava aqui");
  const { page } = await app.agents.agent();
  await page.goto("/");
  await live(page);
  await page.mouse.move(1_000, 400);
  const id = randomUUID();
  await app.post(newConversation(id), newMessage(id, "Cheguei agora"));
  const row = page.locator(`.row[data-id="${id}"]`);
  await row.getByText("não lida").waitFor({ state: "attached" });
  await expect.poll(() => page.locator(".row[data-id]").first().getAttribute("data-id")).toBe(id);
  const counted = async (): Promise<number> => Number(/^\((\d+)\) /.exec(await page.title())?.[1] ?? 0);
  await expect.poll(counted).toBeGreaterThan(0);
  const before = await counted();
  await row.click();
  await log(page).getByText("Cheguei agora").waitFor();
  await reply(page).fill("Bem-vindo");
  await reply(page).press("Enter");
  await expect.poll(counted).toBe(before - 1);
});

test("a late message takes its place and is shown to have come late", async () => {
  const id = await app.conversation("primeira", "segunda", "terceira");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await live(page);
  await app.post(newMessage(id, "atrasada", { timestamp: timestampOf(Date.now() - 95_000) }));
  await log(page).getByText("atrasada").waitFor();
  await log(page)
    .getByText(/^Chegou às \d\d:\d\d, com [123] min de atraso$/)
    .waitFor();
  expect(await texts(page)).toEqual(["primeira", "segunda", "atrasada", "terceira"]);
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test("ticks tell what the phone told of an answer, and plain words why one did not reach it", async () => {
  const id = await app.conversation("Oi");
  const [answer, other] = [
    newMessage(id, "Já vai", { direction: "SENT" }),
    newMessage(id, "Chegou?", { direction: "SENT" }),
  ];
  const told = (message: NewMessage, status: DeliveryStatus, detail?: string): MessageStatus => ({
    type: "MESSAGE_STATUS",
    timestamp: timestampOf(Date.now()),
    data: {
      message_id: message.data.id,
      conversation_id: id,
      status,
      ...(detail === undefined ? {} : { detail }),
    },
  });
  await app.post(answer, other, told(answer, "DELIVERED"));
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await live(page);
  const bubble = (message: NewMessage) => log(page).locator(`[data-message="${message.data.id}"]`);
  await bubble(answer).getByText("Entregue").waitFor({ state: "attached" });
  await bubble(other).getByText("Na conversa").waitFor({ state: "attached" });
  await app.post(told(answer, "READ"), told(answer, "SENT"), told(other, "FAILED", "131047"));
  await bubble(answer).getByText("Lida").waitFor({ state: "attached" });
  await bubble(other).getByText("Faz mais de 24 horas que o cliente escreveu pela última vez.").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test("a close by someone else takes the composer away", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await live(page);
  await app.post(closeConversation(id));
  await page.getByText("Não dá para reabrir.").waitFor();
  expect(await reply(page).count()).toBe(0);
});

test("offline, nothing typed is lost: it leaves by itself, once, when the network is back", async () => {
  const id = await app.conversation("Oi");
  const { page, context } = await app.agents.agent({ expected: /ERR_INTERNET_DISCONNECTED|ERR_FAILED/ });
  await page.goto(`/conversations/${id}`);
  await live(page);
  await context.setOffline(true);
  await page.getByText("Sem conexão, mas nada se perde.").waitFor();
  for (const text of ["um", "dois"]) {
    await reply(page).fill(text);
    await reply(page).press("Enter");
  }
  await page.getByText("2 mensagens guardadas neste aparelho").waitFor();
  await app.post(newMessage(id, "enquanto isso"));
  await context.setOffline(false);
  await live(page);
  await expect
    .poll(() => storedTexts(id).then((all) => all.toSorted()))
    .toEqual(["Oi", "dois", "enquanto isso", "um"]);
  await expect.poll(() => texts(page)).toEqual(await storedTexts(id));
});

test("an answer lost on its way back is tried again under the same id, and is one message", async () => {
  const id = await app.conversation("Oi");
  const { page } = await app.agents.agent({
    expected: /ERR_FAILED/,
    before: async (context) => {
      let first = true;
      await context.route("**/data/events", async (route) => {
        if (!first) return route.continue();
        first = false;
        await route.fetch();
        return route.abort();
      });
    },
  });
  await page.goto(`/conversations/${id}`);
  await live(page);
  await reply(page).fill("Só uma vez");
  await reply(page).press("Enter");
  await log(page).getByText("Na conversa").waitFor({ state: "attached" });
  expect(await texts(page)).toEqual(["Oi", "Só uma vez"]);
  expect(await storedTexts(id)).toEqual(["Oi", "Só uma vez"]);
});

test("ten tabs of one browser are all live over one stream", async () => {
  const id = await app.conversation("Oi");
  const { tab, page } = await app.agents.agent();
  await page.close();
  const tabs: Page[] = [];
  for (let count = 0; count < 10; count += 1) tabs.push(await tab(`/conversations/${id}`));
  await Promise.all(tabs.map(live));
  await app.post(newMessage(id, "Para todas"));
  await Promise.all(tabs.map((each) => log(each).getByText("Para todas").waitFor()));
  await Promise.all(tabs.map((each) => each.close()));
}, 90_000);

test("where there is no shared worker, the tabs elect one that holds the stream for the others", async () => {
  const id = await app.conversation("Oi");
  const { tab, page } = await app.agents.agent({
    before: (context) => context.addInitScript("delete globalThis.SharedWorker"),
  });
  await page.close();
  const tabs = [await tab(`/conversations/${id}`), await tab(`/conversations/${id}`), await tab("/")];
  await Promise.all(tabs.map(live));
  await app.post(newMessage(id, "Para todas"));
  await Promise.all(tabs.slice(0, 2).map((each) => log(each).getByText("Para todas").waitFor()));
  // The one that leads goes; another takes over, and nothing of what came in between is missing.
  await tabs[0]!.close();
  await app.post(newMessage(id, "Depois"));
  await log(tabs[1]!).getByText("Depois").waitFor();
  expect(await texts(tabs[1]!)).toEqual(await storedTexts(id));
}, 60_000);

test("the api, the worker and Redis are restarted while a tab is open: it comes back by itself with everything", async () => {
  const id = await app.conversation("Antes");
  const { page } = await app.agents.agent({ expected: /503|ERR_|Failed to load/ });
  await page.goto(`/conversations/${id}`);
  await live(page);
  const [service] = app.system.conversations;
  await service!.kill();
  await page.getByText("Reconectando…").last().waitFor();
  await reply(page).fill("Durante a queda");
  await reply(page).press("Enter");
  await log(page).getByText("Durante a queda").waitFor();
  await service!.start();
  await live(page);
  await log(page).getByText("Na conversa").waitFor({ state: "attached" });
  await app.system.redis.kill();
  await app.system.redis.start();
  await expect
    .poll(
      async () =>
        app
          .post(
            newMessage(id, "Depois do Redis", {
              id: "7c0e64d1-55c2-4b83-a9b0-1e7f2d0c9b44",
              timestamp: timestampOf(Date.now()),
            }),
          )
          .then(
            () => true,
            () => false,
          ),
      { timeout: 30_000 },
    )
    .toBe(true);
  await log(page).getByText("Depois do Redis").waitFor();
  expect(await texts(page)).toEqual(await storedTexts(id));
}, 120_000);

test("over plain http on a name that is not this machine, where browsers lack half of their functions", async () => {
  const id = await app.conversation("Oi");
  const { env, dataDir, ingestUrl, apiUrl } = app.system;
  const web = await serviceProcess({
    service: "web",
    name: "web-by-name",
    dataDir,
    env: { ...env, INGEST_URL: ingestUrl, API_URL: apiUrl, PUBLIC_URL: "http://fio.test" },
  });
  onTestFinished(web.kill);
  await web.start();
  const { page, faults } = await app.agents.agent({ base: `http://fio.test:${new URL(web.url).port}` });
  await page.goto(`/conversations/${id}`);
  await expect
    .poll(() => page.evaluate(() => [isSecureContext, "randomUUID" in crypto, "locks" in navigator]))
    .toEqual([false, false, false]);
  await live(page);
  await reply(page).fill("Do escritório");
  await reply(page).press("Enter");
  await log(page).getByText("Na conversa").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Copiar ID da conversa" }).click();
  await page.getByText("ID copiado").waitFor();
  expect(faults).toEqual([]);
});
