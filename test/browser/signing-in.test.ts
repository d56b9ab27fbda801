import { afterAll, beforeAll, expect, test } from "vitest";
import { carryOut, readCommand } from "../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { until } from "../support/until.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";

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
