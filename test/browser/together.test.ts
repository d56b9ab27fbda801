import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsInBothThemes } from "./support/accessible.ts";
import { signedIn } from "./support/accounts.ts";
import { startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";
import { hasAllCode, isLive, replyField, threadOf } from "./support/page.ts";

/* Several agents at one conversation. */

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { SIGN_IN: "required" } });
});
afterAll(() => app.end());

test("Enter asks first when a colleague answered meanwhile, once and in whichever tab; the history says who wrote what", async () => {
  const conversation = await app.conversation("Vocês abrem no domingo?");
  const ana = await signedIn(app, { name: "Ana Lima" });
  const bia = await signedIn(app, { name: "Bia Melo" });
  const path = `/conversations/${conversation}`;
  await ana.page.goto(path);
  await isLive(ana.page);
  await hasAllCode(ana.page);
  await replyField(ana.page).fill("Abrimos sim");
  await bia.page.goto(path);
  await replyField(bia.page).fill("No domingo das 9h às 13h.");
  await replyField(bia.page).press("Enter");
  await threadOf(ana.page).getByText("No domingo das 9h às 13h.").waitFor();

  // Her own second tab has the same draft, begun before that answer.
  const second = await ana.tab(path);
  await expect.poll(() => replyField(second).inputValue()).toBe("Abrimos sim");
  await isLive(second);
  await threadOf(second).getByText("No domingo das 9h às 13h.").waitFor();
  await replyField(second).press("Enter");
  const question = second.getByRole("alert").getByText("Bia Melo respondeu enquanto você escrevia.");
  await question.waitFor();
  expect(await violationsInBothThemes(second)).toEqual([]);
  await replyField(second).press("Escape");
  await question.waitFor({ state: "hidden" });
  await replyField(second).press("!");
  await expect.poll(() => replyField(second).inputValue()).toBe("Abrimos sim!");

  // She was asked: the next Enter sends, here too.
  await expect.poll(() => replyField(ana.page).inputValue()).toBe("Abrimos sim!");
  await replyField(ana.page).press("Enter");
  await threadOf(bia.page).locator(".msg.out", { hasText: "Abrimos sim!" }).waitFor();

  // A draft that was begun after all of these is sent at once.
  await replyField(ana.page).fill("Até lá!");
  await replyField(ana.page).press("Enter");
  await threadOf(bia.page).getByText("Até lá!").waitFor();

  await bia.page.getByText("Detalhes técnicos").click();
  await bia.page.locator(".tl .ev", { hasText: "Ana Lima" }).first().waitFor();
  await bia.page.locator(".tl .ev", { hasText: "Bia Melo" }).first().waitFor();
  for (const { faults, context } of [ana, bia]) {
    expect(faults).toEqual([]);
    await context.close();
  }
}, 60_000);

test("who is in a conversation and who writes is seen by the others, live, and no longer when they go", async () => {
  const conversation = await app.conversation("Ainda tem o azul?");
  const caio = await signedIn(app, { name: "Caio Reis" });
  const duda = await signedIn(app, { name: "Duda Paz", size: "phone", theme: "dark", language: "en-US" });
  const path = `/conversations/${conversation}`;
  for (const { page } of [caio, duda]) {
    await page.goto(path);
    await threadOf(page).getByText("Ainda tem o azul?").waitFor();
  }
  await caio.page.getByRole("status").getByText("Duda Paz está nesta conversa").waitFor();
  await duda.page.getByRole("status").getByText("Caio Reis is in this conversation").waitFor();
  await replyField(duda.page).pressSequentially("We still");
  const writes = caio.page.getByRole("status").getByText("Duda Paz está respondendo");
  await writes.waitFor();
  expect(await violationsInBothThemes(caio.page)).toEqual([]);
  expect(await violationsInBothThemes(duda.page)).toEqual([]);
  // Another tab of his own is not somebody else.
  const second = await caio.tab(path);
  await second.getByRole("status").getByText("Duda Paz").waitFor();
  expect(await second.getByText(/Caio Reis est/).count()).toBe(0);

  await duda.page.goto("/account");
  await caio.page.getByText(/Duda Paz est/).waitFor({ state: "hidden" });
  for (const { faults, context } of [caio, duda]) {
    expect(faults).toEqual([]);
    await context.close();
  }
}, 60_000);

test("an admin reads who did what, of one kind, of one person and between two days, with or without scripts; nobody else does", async () => {
  const conversation = await app.conversation("Podem fechar, obrigado!");
  const eva = await signedIn(app, { name: "Eva Nunes" });
  await eva.page.goto(`/conversations/${conversation}`);
  await isLive(eva.page);
  await eva.page.keyboard.press("e");
  const question = eva.page.getByRole("alertdialog", { name: "Fechar esta conversa?" });
  await question.getByRole("button", { name: "Fechar conversa" }).press("Enter");
  await eva.page.locator(".shut").waitFor();
  await eva.page.goto("/admin/audit");
  await eva.page.getByRole("heading", { name: "Sua conta" }).waitFor();
  expect(await eva.page.getByText("Quem fez o quê").count()).toBe(0);
  await eva.context.close();

  const rui = await signedIn(app, { name: "Rui Sá", role: "admin", size: "phone" });
  const { page } = rui;
  await page.goto("/account");
  await page.getByRole("link", { name: "Quem fez o quê" }).press("Enter");
  await page.getByRole("listitem").filter({ hasText: "Rui Sá entrou" }).first().waitFor();
  await page.getByLabel("Pessoa").selectOption({ label: "Eva Nunes" });
  await page.getByRole("button", { name: "Mostrar" }).press("Enter");
  const closed = page.getByRole("listitem").filter({ hasText: "Eva Nunes fechou uma conversa" });
  await closed.waitFor();
  await expect.poll(() => page.getByText("Rui Sá entrou").count()).toBe(0);
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  // Chosen by typing, and kept by the address, in the other language too.
  await page.getByLabel("O que fez").focus();
  await page.keyboard.type("Fechou");
  await page.getByRole("button", { name: "Mostrar" }).press("Enter");
  await expect.poll(() => page.getByText("Eva Nunes entrou").count()).toBe(0);
  await closed.waitFor();
  const address = new URL(page.url());
  expect(address.searchParams.get("action")).toBe("close");
  await page.goto(address.pathname + address.search);
  await closed.waitFor();
  await page.getByRole("button", { name: "English" }).press("Enter");
  await page.getByRole("listitem").filter({ hasText: "Eva Nunes closed a conversation" }).waitFor();
  await expect.poll(() => page.getByLabel("What").inputValue()).toBe("close");
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  await page.getByRole("button", { name: "Português" }).press("Enter");
  await page.getByLabel("Até").fill("2020-01-01");
  await page.getByRole("button", { name: "Mostrar" }).press("Enter");
  await page.getByText("Nada com esse filtro.").waitFor();
  expect(rui.faults).toEqual([]);
  await rui.context.close();
}, 60_000);
