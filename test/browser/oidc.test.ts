import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { carryOut, readCommand } from "../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { CLIENT, startIssuer, type TestIssuer } from "../support/oidc/issuer.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";

/* Where an office has an issuer of identities of its own: a real one, on this machine. */

const CALLBACK = "/sign-in/oidc/callback";
const NAME = "Padaria do Zé";

let issuer: TestIssuer;
let app: App;
beforeAll(async () => {
  issuer = await startIssuer();
  app = await startApp({
    env: {
      SIGN_IN: "required",
      ...{ OIDC_ISSUER: issuer.url, OIDC_NAME: NAME, OIDC_ALLOWED_DOMAINS: "padaria.example" },
      ...{ OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
    },
  });
  issuer.leadsTo([`${app.system.webUrl}${CALLBACK}`]);
  issuer.people.set("ana", { email: "Ana@Padaria.example", email_verified: true, name: "Ana Lima" });
  issuer.people.set("rui", { email: "rui@elsewhere.example", email_verified: true });
  issuer.people.set("gil", { email: "gil@padaria.example", email_verified: false });
});
afterAll(async () => {
  await app.end();
  await issuer.close();
});

/** The issuer's page asks for a font of the internet. */
const atIssuer = {
  before: (context: BrowserContext) =>
    context.route("https://fonts.googleapis.com/**", (route) => route.abort()),
  expected: /ERR_FAILED|favicon|401|404/,
};
const enter = (page: Page) => page.getByRole("link", { name: `Entrar com ${NAME}` });
const signInAs = async (page: Page, login: string): Promise<void> => {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("of the issuer");
  await page.getByRole("button", { name: "Sign-in" }).click();
};
const cookiesOf = async (context: BrowserContext) =>
  Object.fromEntries(
    (await context.cookies(app.system.webUrl))
      .filter(({ name }) => name.startsWith("fio_"))
      .map((cookie) => [cookie.name, cookie]),
  );

test("from the page to sign in by the office's issuer to the conversation that was asked for, by keyboard, and once", async () => {
  const conversation = await app.conversation("Tem pão de queijo?");
  const { page, context, faults } = await app.agents.agent(atIssuer);
  await page.goto(`/conversations/${conversation}`);
  await enter(page).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  await page.keyboard.press("Tab");
  await expect.poll(() => enter(page).evaluate((link) => link === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByPlaceholder("Enter any login").waitFor();
  const begun = (await cookiesOf(context))["fio_oidc"];
  expect(begun).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  let back = "";
  page.on("request", (request) => {
    if (request.url().includes(CALLBACK)) back = request.url();
  });
  await signInAs(page, "ana");
  await page.getByText("Tem pão de queijo?").first().waitFor();
  expect(new URL(page.url()).pathname).toBe(`/conversations/${conversation}`);
  expect(Object.keys(await cookiesOf(context))).toEqual(["fio_session"]);
  await page.locator('nav a[title="Ana Lima"]').waitFor();

  // The same answer again, in another browser, and in one that has begun.
  const other = await app.agents.agent({ expected: atIssuer.expected, scripts: false });
  await other.page.goto(back);
  await other.page.getByRole("alert").getByText("começou em outro navegador").waitFor();
  expect(new URL(other.page.url()).search).toBe("?oidc=ended");
  await other.context.addCookies([{ ...begun!, url: app.system.webUrl, path: undefined, domain: undefined }]);
  await other.page.goto(back);
  await other.page.getByRole("alert").getByText("já foi usado").waitFor();
  expect(Object.keys(await cookiesOf(other.context))).toEqual(["fio_oidc"]);
  expect(faults).toEqual([]);
}, 60_000);

test("without scripts, and in English", async () => {
  const { page } = await app.agents.agent({ ...atIssuer, scripts: false, language: "en-US" });
  await page.goto("/rejections");
  await page.getByRole("link", { name: `Sign in with ${NAME}` }).click();
  await signInAs(page, "ana");
  await page.waitForURL("**/rejections");
});

test("an answer that a stranger made up, or of another tab, leaves the sign-in that is under way as it is", async () => {
  const { page, context } = await app.agents.agent(atIssuer);
  const tab = await context.newPage();
  await tab.goto("/");
  await enter(tab).click();
  await tab.getByPlaceholder("Enter any login").waitFor();
  // Begun once more in another tab: that one counts.
  await page.goto("/search?q=bolo");
  await enter(page).click();
  await page.getByPlaceholder("Enter any login").waitFor();
  const told = () => tab.getByRole("alert").getByText("Este login não vale mais").waitFor();
  for (const search of [
    "?error=access_denied&state=made-up",
    "?code=x&state=y",
    `?state=${"x".repeat(7_500)}`,
  ]) {
    await tab.goto(`${CALLBACK}${search}`);
    await told();
  }
  await signInAs(page, "ana");
  await page.waitForURL("**/search?q=bolo");
  await expect.poll(async () => Object.keys(await cookiesOf(context))).toEqual(["fio_session"]);
  await context.close();
}, 60_000);

test("whoever is not let in is told why, in plain words, and can try again", async () => {
  const { page } = await app.agents.agent({ ...atIssuer, size: "phone" });
  const told = (text: string) => page.getByRole("alert").getByText(text).waitFor();
  await page.goto("/search?q=bolo");
  await enter(page).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await told("não deixou você entrar, ou você desistiu");
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await misplaced(page)).toEqual([]);
  expect(new URL(page.url()).searchParams.get("back")).toBe("/search?q=bolo");

  await enter(page).click();
  await signInAs(page, "rui");
  await told("Você não tem uma conta ativa no Fio");

  // The issuer knows who sits there: it asks no more.
  await page.context().clearCookies({ domain: "127.0.0.1" });
  await page.goto("/");
  await enter(page).click();
  await signInAs(page, "gil");
  await told(`${NAME} não confirmou que este e-mail é seu`);

  issuer.instead = (_request, response) => {
    response.writeHead(503).end();
    return true;
  };
  await page.goto(`${CALLBACK}?error=access_denied&state=made-up`);
  await told("Este login não vale mais");
  issuer.instead = null;
  await page.goto("/sign-in?oidc=%3Cb%3E");
  expect(await page.getByRole("alert").count()).toBe(0);
  for (const search of ["", "?code=x&code=y&state=%00", `?state=${"x".repeat(7_500)}`]) {
    await page.goto(`${CALLBACK}${search}`);
    await told("Este login não vale mais");
  }
}, 60_000);

test("no page of another site begins it, and nothing leads on to another site", async () => {
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${app.system.webUrl}${path}`, { redirect: "manual", headers });
  const foreign = await ask("/sign-in/oidc", { "Sec-Fetch-Site": "cross-site" });
  expect([foreign.headers.get("location"), foreign.headers.getSetCookie()]).toEqual(["/sign-in", []]);
  for (const back of ["https://evil.example", "//evil.example", "/\t/evil.example", "/\\evil.example"]) {
    const begun = await ask(`/sign-in/oidc?back=${encodeURIComponent(back)}`);
    expect(new URL(begun.headers.get("location") ?? "").origin).toBe(issuer.url);
    const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect(Buffer.from(cookie.split(".")[1] ?? "", "base64url").toString()).toBe("/");
    const forged = `${cookie.split(".")[0]}.${Buffer.from(back).toString("base64url")}`;
    const answer = await ask(`${CALLBACK}?error=access_denied&state=x`, { Cookie: forged });
    expect(answer.headers.get("location")).toBe("/sign-in?oidc=ended");
  }
});

test("an account that an operator made is the same one, and is out when it is disabled", async () => {
  const operator = async (...args: string[]): Promise<void> => {
    const store = openStore(app.system.databaseUrl);
    await carryOut(readCommand(args), { store, webUrl: app.system.webUrl, now: Date.now() });
    await store.close();
  };
  await operator("add", "bia@padaria.example", "Bia Reis", "--admin");
  issuer.people.set("bia", { email: "bia@padaria.example", email_verified: true, name: "B." });
  const { page } = await app.agents.agent(atIssuer);
  await page.goto("/admin/audit");
  await enter(page).click();
  await signInAs(page, "bia");
  await page.getByRole("listitem").filter({ hasText: "entrou pelo login da empresa" }).first().waitFor();
  await operator("disable", "bia@padaria.example");
  await expect
    .poll(
      async () => {
        await page.goto("/sign-in");
        return enter(page).count();
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toBe(1);
  await enter(page).click();
  await page.getByRole("alert").getByText("Você não tem uma conta ativa no Fio").waitFor();
}, 60_000);
