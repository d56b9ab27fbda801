import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { carryOut, readCommand } from "../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { until } from "../support/until.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

/* Where nobody gets in without an account. */

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { SIGN_IN: "required" } });
});
afterAll(() => app.end());

const PASSWORD = "uma frase fácil de lembrar";

/** What `npm run agent -- …` prints. */
async function operator(...args: string[]): Promise<string> {
  const store = openStore(app.system.databaseUrl);
  const lines = await carryOut(readCommand(args), { store, webUrl: app.system.webUrl, now: Date.now() });
  await store.close();
  return lines.join("\n");
}
const linkIn = (printed: string): string => new URL(/http\S+$/.exec(printed)?.[0] ?? "http://none").href;

test("by the link an agent sets a password, answers, signs out and in again, without scripts too, and is out when disabled", async () => {
  const conversation = await app.conversation("Vocês entregam hoje?");
  const link = linkIn(await operator("add", "ana@fio.example", "Ana Lima"));
  const expected = /401|404|429/;

  // Without scripts: the link, then the password, then back to where one wanted to go.
  const plain = await app.agents.agent({ scripts: false, expected });
  await plain.page.goto(link);
  await plain.page.getByLabel("Nova senha").fill(PASSWORD);
  await plain.page.getByRole("button", { name: "Salvar e entrar" }).click();
  await plain.page.getByRole("navigation").first().waitFor();
  await plain.page.goto(link);
  await plain.page.getByRole("heading", { name: "Este link não vale mais" }).waitFor();

  const { page, context } = await app.agents.agent({ expected });
  await page.goto(`/conversations/${conversation}`);
  await page.getByLabel("E-mail").fill("ana@fio.example");
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByLabel("Senha").fill("outra coisa qualquer");
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByRole("alert").getByText("E-mail ou senha incorretos").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByLabel("Senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByText("Vocês entregam hoje?").first().waitFor();
  const field = page.getByRole("textbox", { name: /^Resposta para/ });
  await field.fill("Entregamos até as 18h.");
  await field.press("Enter");
  await page.locator(".msg.out").getByText("Ana Lima").waitFor();
  const cookie = (await context.cookies()).find(({ name }) => name === "fio_session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  const asAna = { headers: { Cookie: `fio_session=${cookie?.value ?? ""}` } };

  await page.goto("/account");
  await page.getByText("Este navegador").waitFor();
  await page.getByText("ana@fio.example").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByRole("button", { name: "Sair" }).click();
  await page.getByLabel("E-mail").waitFor();
  // Whoever kept the cookie has nothing.
  expect((await fetch(`${app.system.webUrl}/data/conversations`, asAna)).status).toBe(401);

  // The other browser is still in, with its stream, until the account is disabled.
  const held = (await plain.context.cookies()).find(({ name }) => name === "fio_session")?.value ?? "";
  const live = await fetch(`${app.system.webUrl}/live`, { headers: { Cookie: `fio_session=${held}` } });
  expect(live.status).toBe(200);
  await operator("disable", "ana@fio.example");
  let cut = false;
  void live.body?.pipeTo(new WritableStream()).then(
    () => (cut = true),
    () => (cut = true),
  );
  await until(() => cut, { what: "the stream of who is disabled ends", limitMs: 60_000 });
  await plain.page.goto("/");
  await plain.page.getByLabel("E-mail").waitFor();
}, 120_000);

/** An account with its password. */
async function join(email: string, name: string): Promise<void> {
  const page = (await app.agents.agent({ scripts: false })).page;
  await page.goto(linkIn(await operator("add", email, name)));
  await page.getByLabel("Nova senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Salvar e entrar" }).click();
  await page.getByRole("navigation").first().waitFor();
  await page.context().close();
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Entrar" }).click();
}

/** All that the browser keeps, as text. */
const keptBy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const bases = await indexedDB.databases();
    const rows = await Promise.all(
      bases.map(
        ({ name }) =>
          new Promise((resolve) => {
            const opening = indexedDB.open(name ?? "");
            opening.onsuccess = () => {
              if (!opening.result.objectStoreNames.contains("outbox")) {
                resolve([]);
                return;
              }
              const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
              all.onsuccess = () => {
                opening.result.close();
                resolve(all.result);
              };
            };
          }),
      ),
    );
    return JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), rows]);
  });

test("what one agent wrote waits for them in a browser that others use, is sent as theirs alone, and goes when they sign out", async () => {
  await join("caio@fio.example", "Caio");
  await join("duda@fio.example", "Duda");
  const [first, second] = [await app.conversation("Tem no azul?"), await app.conversation("E no verde?")];
  const { page, context, tab } = await app.agents.agent({ expected: /40[14]|Failed to load/ });
  const own = (at: Page) => replyField(at);
  const sent = (at: Page, text: string) => threadOf(at).getByText(text);

  await page.goto(`/conversations/${second}`);
  await signIn(page, "caio@fio.example");
  await threadOf(page).getByText("E no verde?").waitFor();
  await own(page).fill("rascunho do Caio");
  await page.goto(`/conversations/${first}`);
  await isLive(page);

  // Elsewhere his session is ended: an idle page says so, and what he writes on it is kept.
  await operator("end-sessions", "caio@fio.example");
  await page.getByRole("alert").getByText("Sua sessão terminou.").waitFor({ timeout: 60_000 });
  await own(page).fill("resposta do Caio");
  await own(page).press("Enter");
  await sent(page, "resposta do Caio").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);

  // Duda signs in at the same browser: Caio's page gives way, she finds nothing of his, and nothing of his leaves.
  const hers = await tab(`/conversations/${second}`);
  await signIn(hers, "duda@fio.example");
  await threadOf(hers).getByText("E no verde?").waitFor();
  await isLive(hers);
  await expect.poll(() => own(hers).inputValue()).toBe("");
  await page.locator('html[data-alive] nav a[title="Duda"]').waitFor();
  await threadOf(page).getByText("Tem no azul?").waitFor();
  await isLive(page);
  await expect.poll(() => sent(page, "resposta do Caio").count()).toBe(0);
  await own(hers).fill("rascunho da Duda");

  // Her sign-out says what was not sent, and takes that with it, not his.
  await hers.goto("/account");
  await hers.getByRole("button", { name: "Sair", exact: true }).click();
  await hers.getByText("Há mensagens suas que não foram enviadas").waitFor();
  expect(await violationsInBothThemes(hers)).toEqual([]);
  await hers.getByRole("button", { name: "Apagar e sair" }).press("Enter");
  await hers.getByLabel("E-mail").waitFor();
  const kept = await keptBy(hers);
  expect(kept).not.toContain("rascunho da Duda");
  expect(kept).toContain("rascunho do Caio");
  await page.getByLabel("E-mail").waitFor();

  // Caio comes back to his draft, and his answer leaves as his.
  await hers.goto(`/conversations/${second}`);
  await signIn(hers, "caio@fio.example");
  await threadOf(hers).getByText("E no verde?").waitFor();
  await expect.poll(() => own(hers).inputValue(), { timeout: 20_000 }).toBe("rascunho do Caio");
  await hers.goto(`/conversations/${first}`);
  await hers
    .locator(".msg.out", { hasText: "resposta do Caio" })
    .getByText("Caio", { exact: true })
    .waitFor();

  await own(hers).fill("");
  await hers.goto(`/conversations/${second}`);
  await isLive(hers);
  await own(hers).fill("");
  await hers.goto("/account");
  await hers.getByRole("button", { name: "Sair", exact: true }).click();
  await hers.getByLabel("E-mail").waitFor();
  expect(await keptBy(hers)).not.toMatch(/Caio|azul|verde/);
  await hers.goBack();
  await hers.getByLabel("E-mail").waitFor();
  await context.close();
}, 120_000);

test("by the keyboard an admin adds an account, passes on its link and disables it; nobody else gets to that page", async () => {
  const printed = await operator("add", "iara@fio.example", "Iara Melo", "--admin");
  const { page, context } = await app.agents.agent({ expected: /400|401|404/ });
  await page.goto(linkIn(printed));
  await page.getByLabel("Nova senha").fill(PASSWORD);
  await page.getByLabel("Nova senha").press("Enter");
  await page.getByRole("navigation").first().waitFor();
  await page.goto("/account");
  await page.getByRole("link", { name: "Contas da equipe" }).press("Enter");
  await page.getByRole("heading", { name: "Contas da equipe" }).waitFor();
  await page.getByText("(você)").waitFor();

  await page.getByLabel("Nome, como os colegas o veem").fill("Joel Dias");
  await page.keyboard.press("Tab");
  await page.keyboard.type("joel@fio.example");
  await page.keyboard.press("Enter");
  const link = page.getByLabel("Link para Joel Dias");
  await link.waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  const joel = await app.agents.agent({ scripts: false, expected: /401|404/ });
  await joel.page.goto(await link.inputValue());
  await joel.page.getByLabel("Nova senha").fill(PASSWORD);
  await joel.page.getByRole("button", { name: "Salvar e entrar" }).click();
  await joel.page.getByRole("navigation").first().waitFor();
  await joel.page.goto("/admin/agents");
  await joel.page.getByRole("heading", { name: "Sua conta" }).waitFor();
  expect(await joel.page.getByText("iara@fio.example").count()).toBe(0);

  const row = page.getByRole("listitem").filter({ hasText: "joel@fio.example" });
  await row.getByText("Alterar").press("Enter");
  await row.getByRole("button", { name: "Desativar" }).press("Enter");
  await row.getByText("desativada").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await context.close();
  await joel.context.close();
}, 120_000);

test("an agent changes their own password, and goes on where they did it", async () => {
  const { page, context } = await app.agents.agent({ expected: /400/ });
  await page.goto(linkIn(await operator("add", "lia@fio.example", "Lia")));
  await page.getByLabel("Nova senha").fill(PASSWORD);
  await page.getByLabel("Nova senha").press("Enter");
  await page.getByRole("navigation").first().waitFor();
  await page.goto("/account");
  const change = async (current: string): Promise<void> => {
    await page.getByLabel("Senha atual").fill(current);
    await page.getByLabel("Nova senha").fill("outra frase que só ela sabe");
    await page.getByLabel("Nova senha").press("Enter");
  };
  await page.getByText("Trocar a senha").press("Enter");
  await change("não é esta mesmo");
  await page.getByRole("alert").getByText("A senha atual não é esta").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  await change(PASSWORD);
  await page.getByRole("status").getByText("Senha trocada").waitFor();
  await page.getByText("Este navegador").waitFor();
  await context.close();
}, 120_000);

test("a form of another site signs nobody in or out", async () => {
  for (const path of ["/sign-in", "/account", "/welcome?key=x"]) {
    const answer = await fetch(`${app.system.webUrl}${path}`, {
      method: "POST",
      headers: { Origin: "https://evil.example", "Content-Type": "application/x-www-form-urlencoded" },
      body: "email=ana%40fio.example&password=x&end=current",
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("set-cookie")).toBeNull();
  }
});
