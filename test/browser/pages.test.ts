import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./support/accessible.ts";
import { closeConversation, newMessage, startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";

let app: App;
const pages: Record<string, { path: () => string; heading: { "pt-BR": RegExp; "en-US": RegExp } }> = {};

beforeAll(async () => {
  app = await startApp();
  const open = await app.conversation(
    "Bom dia!",
    "> Olá, veja https://ajuda.example/a",
    "مرحبًا",
    "👍",
    "linha\n".repeat(14),
  );
  const closed = await app.conversation("Era isso", "> Até mais");
  await app.post(closeConversation(closed));
  await app.post(newMessage(closed, "Só mais uma dúvida"));
  const path = (of: string) => () => of;
  Object.assign(pages, {
    "the list": {
      path: path("/"),
      heading: { "pt-BR": /Escolha uma conversa/, "en-US": /Pick a conversation/ },
    },
    "all conversations": {
      path: path("/?state=all"),
      heading: { "pt-BR": /Escolha uma conversa/, "en-US": /Pick a conversation/ },
    },
    "a conversation": { path: path(`/conversations/${open}`), heading: { "pt-BR": /.+/, "en-US": /.+/ } },
    "a closed conversation": {
      path: path(`/conversations/${closed}`),
      heading: { "pt-BR": /.+/, "en-US": /.+/ },
    },
    "no such conversation": {
      path: path(`/conversations/${randomUUID()}`),
      heading: { "pt-BR": /Nenhuma conversa com este ID/, "en-US": /No conversation with this ID/ },
    },
    "what was refused": {
      path: path("/rejections?show=all"),
      heading: { "pt-BR": /não entraram/, "en-US": /left out/ },
    },
    "nothing refused": {
      path: path("/rejections"),
      heading: { "pt-BR": /não entraram/, "en-US": /left out/ },
    },
    search: { path: path("/search?q=duvida"), heading: { "pt-BR": /Buscar/, "en-US": /Search/ } },
    "no such page": {
      path: path("/nowhere"),
      heading: { "pt-BR": /Não há nada/, "en-US": /There.s nothing/ },
    },
  });
});
afterAll(() => app.end());

const NAMES = [
  "the list",
  "all conversations",
  "a conversation",
  "a closed conversation",
  "no such conversation",
  "what was refused",
  "nothing refused",
  "search",
  "no such page",
];

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
/** Where only the layout is looked at: the narrowest one, and a phone on its side. */
const FURTHER_SIZES = [
  { width: 320, height: 568 },
  { width: 844, height: 390 },
];

describe.each(["light", "dark"] as const)("%s", (theme) => {
  test.each(NAMES)("%s is accessible at every width", async (name) => {
    const { path, heading } = pages[name]!;
    const { context, page, faults } = await app.agents.agent({ theme, expected: /404/ });
    await page.goto(path());
    await page.getByRole("heading", { level: 1, name: heading["pt-BR"] }).first().waitFor();
    await page.getByText("Ao vivo").first().waitFor({ state: "attached" });
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe(theme);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      expect({ size, found: await violations(page) }).toEqual({ size, found: [] });
    }
    for (const size of [...SIZES, ...FURTHER_SIZES]) {
      await page.setViewportSize(size);
      expect({ size, found: await misplaced(page) }).toEqual({ size, found: [] });
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});

test.each(NAMES)("%s speaks English to whoever reads English", async (name) => {
  const { path, heading } = pages[name]!;
  const { context, page, faults } = await app.agents.agent({ language: "en-US", expected: /404/ });
  await page.goto(path());
  await page.getByRole("heading", { level: 1, name: heading["en-US"] }).first().waitFor();
  await page.getByRole("link", { name: /^Left out/ }).waitFor();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
  expect(await violations(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test("layers are accessible: palette, sheet, question, details, synchronisation", async () => {
  const { page, faults } = await app.agents.agent({ size: "laptop", theme: "dark" });
  await page.goto(pages["a conversation"]!.path());
  await page.getByText("Ao vivo").first().waitFor({ state: "attached" });
  const look = async (): Promise<void> => {
    expect(await violations(page)).toEqual([]);
    expect(await misplaced(page)).toEqual([]);
  };
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Comandos" }).waitFor();
  await look();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Atalhos" }).waitFor();
  await look();
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.getByRole("alertdialog").waitFor();
  await look();
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await page.getByText("Detalhes técnicos").click();
  await page.getByRole("heading", { name: "Histórico" }).waitFor();
  await look();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Ao vivo/ }).click();
  await page.getByRole("dialog", { name: "Conexão" }).waitFor();
  await look();
  expect(faults).toEqual([]);
});

test("a history that is on its way is not called one that could not be read", async () => {
  const { page, context } = await app.agents.agent();
  await page.goto("/");
  await page.getByText("Ao vivo").last().waitFor();
  let answer = (): void => {};
  const answers = new Promise<void>((resolve) => (answer = resolve));
  const asked = page.waitForRequest(/\/data\/conversations\/[^/]+\/events/);
  await page.route(/\/data\/conversations\/[^/]+\/events/, async (route) => {
    await answers;
    await route.continue();
  });
  await page.locator(".row").first().click();
  await page.getByText("Detalhes técnicos").click();
  await asked;
  expect(await page.getByText("Não deu para carregar o histórico").count()).toBe(0);
  answer();
  await page.getByRole("complementary").getByRole("listitem").first().waitFor();
  await context.close();
});

test("the language and the theme are switched and remembered", async () => {
  const { page } = await app.agents.agent();
  await page.goto("/rejections");
  await page.getByRole("button", { name: "Idioma: português" }).click();
  await page.getByRole("heading", { name: "Messages left out", exact: true }).waitFor();
  await page.getByRole("button", { name: "Light or dark theme" }).click();
  await page.reload();
  await page.getByRole("heading", { name: "Messages left out", exact: true }).waitFor();
  await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
});

test("times are those of the reader's zone in the first thing painted", async () => {
  const { page } = await app.agents.agent();
  const first: string[] = [];
  page.on("response", async (response) => {
    if (response.request().resourceType() === "document") first.push(await response.text());
  });
  await page.goto(pages["a conversation"]!.path());
  const shown = await page.locator(".msg time").first().textContent();
  const written = await page.locator(".msg time").first().getAttribute("datetime");
  const here = new Intl.DateTimeFormat("pt-BR", {
    timeZone: "America/Sao_Paulo",
    hour: "2-digit",
    minute: "2-digit",
  });
  expect(shown).toBe(here.format(new Date(written ?? "")));
});

test("no script of ours or anyone's runs without this page's nonce", async () => {
  const answer = await fetch(`${app.system.webUrl}/`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  const html = await answer.text();
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
});

test("a form of another site is refused", async () => {
  const answer = await fetch(`${app.system.webUrl}/conversations/new`, {
    method: "POST",
    headers: { Origin: "http://evil.example", "Content-Type": "application/x-www-form-urlencoded" },
    body: "",
  });
  expect(answer.status).toBe(403);
});
