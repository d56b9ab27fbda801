import { TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsInBothThemes } from "./support/accessible.ts";
import { signedIn } from "./support/accounts.ts";
import { startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";

/* A second factor, from switching it on to a lost telephone. */

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { SIGN_IN: "required" } });
});
afterAll(() => app.end());

const PASSWORD = "uma frase fácil de lembrar";
const STEP_MS = 30_000;

async function givePassword(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByRole("heading", { name: "Código do celular" }).waitFor();
}
const give = async (page: Page, code: string): Promise<void> => {
  const field = page.getByRole("textbox", { name: "Código" });
  await field.fill(code);
  await field.press("Enter");
};
const signOut = async (page: Page): Promise<void> => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Sair", exact: true }).click();
  await page.getByLabel("E-mail").waitFor();
};
const isIn = (page: Page): Promise<void> => page.getByRole("navigation").first().waitFor();
const shows = async (page: Page): Promise<void> => {
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
};

test("by the keyboard an agent switches it on, signs in with a code and with a recovery code, and switches it off", async () => {
  const conversation = await app.conversation("Vocês entregam hoje?");
  const { page, context } = await signedIn(app, { name: "Ana", expected: /40[01]/ });
  await page.goto("/account");
  await page.getByText("Ligar a verificação").press("Enter");
  const password = page.getByLabel("Sua senha");
  await password.fill("não é esta mesmo");
  await password.press("Enter");
  await page.getByRole("alert").getByText("A senha não é esta").waitFor();
  await shows(page);
  await password.fill(PASSWORD);
  await password.press("Enter");

  await page.getByRole("img", { name: "Código QR" }).waitFor();
  await shows(page);
  const secret = ((await page.locator("code.entry-code").textContent()) ?? "").replaceAll(" ", "");
  const totp = new TOTP({ secret });
  const at = Date.now();
  await give(page, "000");
  await page.getByRole("alert").getByText("Este código não vale").waitFor();
  await page.getByRole("img", { name: "Código QR" }).waitFor();
  await give(page, totp.generate({ timestamp: at }));
  await page.getByText("Verificação ligada").waitFor();
  await shows(page);
  const codes = await page.locator("code.entry-code").allTextContents();
  expect(codes).toHaveLength(10);
  await page.getByRole("link", { name: "Já guardei" }).press("Enter");
  await page.getByText("Códigos de recuperação que ainda valem: 10.").waitFor();

  // By a code, back to where one wanted to go. That which switched it on is used up.
  await signOut(page);
  await page.goto(`/conversations/${conversation}`);
  await givePassword(page, "ana@fio.example");
  await shows(page);
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).not.toContain("fio_session");
  expect(cookies.find(({ name }) => name === "fio_step")).toMatchObject({
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
  });
  await page.goto("/");
  await page.getByLabel("E-mail").waitFor();
  await page.goto(`/sign-in/code?back=${encodeURIComponent(`/conversations/${conversation}`)}`);
  await give(page, totp.generate({ timestamp: at }));
  await page.getByRole("alert").getByText("Este código não vale").waitFor();
  await shows(page);
  await give(page, totp.generate({ timestamp: Math.max(at + STEP_MS, Date.now()) }));
  await page.getByText("Vocês entregam hoje?").first().waitFor();
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("fio_step");

  // By a recovery code, without scripts, in another browser: it works once.
  const plain = await app.agents.agent({ scripts: false, expected: /401/ });
  await plain.page.goto("/sign-in");
  await givePassword(plain.page, "ana@fio.example");
  await give(plain.page, codes[0] ?? "");
  await isIn(plain.page);
  await plain.page.context().clearCookies();
  await plain.page.goto("/sign-in");
  await givePassword(plain.page, "ana@fio.example");
  await give(plain.page, codes[0] ?? "");
  await plain.page.getByRole("alert").getByText("Este código não vale").waitFor();
  // Whoever brings no step, or one that was made up, begins again.
  await plain.context.addCookies([{ name: "fio_step", value: "A".repeat(43), url: app.system.webUrl }]);
  await give(plain.page, codes[1] ?? "");
  await plain.page.getByRole("alert").getByText("Passou tempo demais").waitFor();
  await plain.page.goto("/sign-in/code");
  await plain.page.getByLabel("Senha").waitFor();
  await plain.context.close();

  await page.goto("/account");
  await page.getByText("que ainda valem: 9.").waitFor();
  await page.getByText("Desligar a verificação").press("Enter");
  await password.fill(PASSWORD);
  await page.getByLabel("Código do celular, ou um de recuperação").fill(codes[1] ?? "");
  await shows(page);
  await page.getByRole("button", { name: "Desligar", exact: true }).press("Enter");
  await page.getByRole("status").getByText("Verificação desligada").waitFor();
  await signOut(page);
  await page.getByLabel("E-mail").fill("ana@fio.example");
  await page.getByLabel("Senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Entrar" }).click();
  await isIn(page);
  await context.close();
}, 120_000);

test("an admin takes it off for who lost their phone, and finds it in the log", async () => {
  const { page: theirs } = await signedIn(app, { name: "Bia" });
  await theirs.goto("/account");
  await theirs.getByText("Ligar a verificação").click();
  await theirs.getByLabel("Sua senha").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Continuar" }).click();
  const secret = ((await theirs.locator("code.entry-code").textContent()) ?? "").replaceAll(" ", "");
  await theirs.getByLabel("Código", { exact: true }).fill(new TOTP({ secret }).generate());
  await theirs.getByRole("button", { name: "Ligar", exact: true }).click();
  await theirs.getByText("Verificação ligada").waitFor();

  const { page } = await signedIn(app, { name: "Iara", role: "admin" });
  await page.goto("/admin/agents");
  const row = page.getByRole("listitem").filter({ hasText: "bia@fio.example" });
  await row.getByText("verificação em duas etapas").waitFor();
  await row.getByText("Alterar").press("Enter");
  await shows(page);
  await row.getByRole("button", { name: "Desligar a verificação" }).press("Enter");
  await page.getByText("Pronto, alterado.").waitFor();
  expect(await row.getByText("verificação em duas etapas").count()).toBe(0);
  await page.goto("/admin/audit");
  const line = page
    .getByRole("listitem")
    .filter({ hasText: "desligou a verificação em duas etapas da conta" });
  await line.first().waitFor();
  await theirs.goto("/account");
  await theirs.getByText("Ligar a verificação").waitFor();
}, 120_000);
