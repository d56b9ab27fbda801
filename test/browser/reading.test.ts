import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { timestampOf } from "@fio/contracts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";

let app: App;
let long: string;
const MESSAGES = 3_000;
const ROWS = 160;

beforeAll(async () => {
  app = await startApp();
  const began = Date.now() - 10 * 86_400_000;
  for (let from = 0; from < ROWS; from += 40) {
    await app.post(
      ...Array.from({ length: 40 }, (_, n) => {
        const id = randomUUID();
        const at = began - (from + n) * 60_000;
        return [
          newConversation(id, timestampOf(at)),
          newMessage(id, `linha ${from + n}`, { timestamp: timestampOf(at + 1_000) }),
        ];
      }).flat(),
    );
  }
  long = randomUUID();
  await app.post(newConversation(long, timestampOf(began)));
  for (let from = 0; from < MESSAGES; from += 500) {
    await app.post(
      ...Array.from({ length: 500 }, (_, n) =>
        newMessage(
          long,
          `mensagem ${from + n}${" bla".repeat((from + n) % 40)}${from + n === 700 ? " agulha" : ""}`,
          {
            direction: n % 3 === 0 ? "SENT" : "RECEIVED",
            timestamp: timestampOf(began + (from + n) * 60_000),
          },
        ),
      ),
    );
  }
}, 120_000);
afterAll(() => app.end());

const log = (page: Page) => page.getByRole("log", { name: "Mensagens" });
const live = (page: Page) =>
  page.getByRole("region", { name: "Conversas" }).getByText("Ao vivo").last().waitFor();
const atEnd = (page: Page) => log(page).evaluate((element) => Math.abs(element.scrollTop) < 2);
/** Where the first message in view stands. */
const place = (page: Page) =>
  log(page).evaluate((element) => {
    const top = element.getBoundingClientRect().top;
    const first = [...element.querySelectorAll("[data-message]")].find(
      (each) => each.getBoundingClientRect().top >= top,
    );
    return { id: first?.id ?? "", top: Math.round(first?.getBoundingClientRect().top ?? 0) };
  });
const topOf = (page: Page, id: string) =>
  page.evaluate(
    (which) => Math.round(document.getElementById(which)?.getBoundingClientRect().top ?? NaN),
    id,
  );

/** Waits until nothing moves any more, and says what stands first in view. */
async function settled(page: Page): Promise<{ id: string; top: number }> {
  let before = await place(page);
  for (let still = 0; still < 3;) {
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const now = await place(page);
    still = now.id === before.id && now.top === before.top ? still + 1 : 0;
    before = now;
  }
  return before;
}

test("a thread opens at its end, and pages load above as one scrolls up, without a jump", async () => {
  let release = (): void => {};
  let asked = 0;
  const { page, faults } = await app.agents.agent({
    before: (context) =>
      context.route("**/data/conversations/*/messages*", async (route) => {
        asked += 1;
        await new Promise<void>((resolve) => (release = resolve));
        await route.continue();
      }),
  });
  await page.goto(`/conversations/${long}`);
  await live(page);
  await log(page)
    .getByText(`mensagem ${MESSAGES - 1} `)
    .first()
    .waitFor();
  expect(await atEnd(page)).toBe(true);
  await log(page).hover();
  for (let pages = 1; pages <= 6; pages += 1) {
    await expect
      .poll(async () => {
        await log(page).evaluate((element) => (element.scrollTop -= 1_000));
        return asked;
      })
      .toBeGreaterThanOrEqual(pages);
    const before = await settled(page);
    const height = await log(page).evaluate((element) => element.scrollHeight);
    release();
    await expect.poll(() => log(page).evaluate((element) => element.scrollHeight)).toBeGreaterThan(height);
    await settled(page);
    expect(await topOf(page, before.id)).toBe(before.top);
  }
  const before = await settled(page);
  await app.post(newMessage(long, "chegou enquanto lia"));
  const pill = page.getByRole("button", { name: /1 nova mensagem/ });
  await pill.waitFor();
  await settled(page);
  expect(await topOf(page, before.id)).toBe(before.top);
  await expect.poll(() => log(page).locator("[data-message]").count()).toBeLessThan(350);
  await pill.click();
  await log(page).getByText("chegou enquanto lia").waitFor();
  await expect.poll(() => atEnd(page)).toBe(true);
  expect(faults).toEqual([]);
}, 90_000);

test("the place is kept when one comes back", async () => {
  const other = await app.conversation("outra");
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${long}`);
  await live(page);
  await log(page).hover();
  await page.mouse.wheel(0, -900);
  await expect.poll(() => log(page).evaluate((element) => element.scrollTop)).toBeLessThan(-500);
  const before = await place(page);
  await page.locator(`.row[data-id="${other}"]`).click();
  await page.getByRole("log").getByText("outra").waitFor();
  await page.goBack();
  await expect.poll(() => place(page)).toEqual(before);
});

test("search finds words whatever their accents, and its links open the very message", async () => {
  const { page, faults } = await app.agents.agent();
  await page.goto("/search");
  await page.getByRole("searchbox", { name: "Buscar nas mensagens" }).fill("AGULHÁ");
  await page.keyboard.press("Enter");
  const hit = page
    .getByRole("region", { name: "Resultados" })
    .getByRole("link")
    .filter({ hasText: "agulha" });
  await hit.click();
  await log(page).getByText("agulha").waitFor();
  await expect
    .poll(() =>
      log(page)
        .getByText("agulha")
        .evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top > 0 && bottom < innerHeight;
        }),
    )
    .toBe(true);
  expect(faults).toEqual([]);
}, 60_000);

test("the list loads on as one scrolls, and draws only what is near", async () => {
  const { page } = await app.agents.agent();
  await page.goto("/");
  await live(page);
  await page.locator(".list-scroll").hover();
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 2_000);
        return page.getByText(`linha ${ROWS - 1}`, { exact: true }).count();
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  await expect.poll(() => page.locator(".row").count()).toBeLessThan(60);

  // What one reads of it stays where it is while others come and go above.
  await page.mouse.move(1_000, 450);
  const read = page.locator(".row", { hasText: `linha ${ROWS - 5}` });
  const top = async (): Promise<number> => (await read.boundingBox())?.y ?? NaN;
  const before = await top();
  const rows = () =>
    page.locator(".rows").evaluate((list) => Math.round(list.getBoundingClientRect().height));
  const height = await rows();
  const come = Array.from({ length: 40 }, () => randomUUID());
  await app.post(...come.flatMap((id) => [newConversation(id), newMessage(id, "cheguei")]));
  await expect.poll(rows).toBeGreaterThan(height + 39 * 60);
  expect(await top()).toBe(before);
  const taller = await rows();
  await app.post(newMessage(come[0] ?? "", "outra vez"), ...come.slice(1).map((id) => closeConversation(id)));
  await expect.poll(rows).toBeLessThan(taller - 38 * 60);
  expect(await top()).toBe(before);
  await page.locator(".list-scroll").evaluate((list) => (list.scrollTop = 0));
  await page.locator(`.row[data-id="${come[0]}"]`).waitFor();
});

test("the keyboard goes through the list, opens commands, and goes to any id", async () => {
  const { page, faults } = await app.agents.agent();
  await page.goto("/");
  await live(page);
  await page.keyboard.press("j");
  await page.waitForURL("**/conversations/*");
  const first = page.url();
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.href !== first);
  await page.keyboard.press("k");
  await page.waitForURL(first);
  await page.keyboard.press("r");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await page.keyboard.type("jk");
  expect(page.url()).toBe(first);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForURL("**/rejections");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Buscar comando, conversa ou ID" }).fill(long);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/conversations/${long}`);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await log(page).waitFor();
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: "Ir para uma conversa, pelo nome ou ID" });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type("nada disso");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=nada+disso");
  expect(faults).toEqual([]);
});

test("single keys do nothing once they are switched off", async () => {
  const { page } = await app.agents.agent();
  await page.goto("/");
  await live(page);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Atalhos" });
  await sheet.getByRole("switch", { name: "Atalhos de uma tecla só" }).click();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  await page.keyboard.press("j");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Comandos" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
});

test("the scripts of a first thread are at most 150 kB", async () => {
  const { page } = await app.agents.agent({
    before: (context) => context.addInitScript(noteWhenUsable),
  });
  await page.goto(`/conversations/${long}`);
  const usable = () => page.evaluate(() => performance.getEntriesByName("usable")[0]?.startTime ?? null);
  await expect.poll(usable, { timeout: 30_000 }).not.toBeNull();
  // What is asked for afterwards is not waited for, however long the machine takes to come back here.
  const scripts = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType("resource")
        .filter(({ name, startTime }) => new URL(name).pathname.endsWith(".js") && startTime <= until)
        .map(({ name }) => name),
    (await usable()) ?? 0,
  );
  const sizes = await Promise.all(
    [...new Set(scripts)].map(async (url) => {
      const answer = await fetch(url, { headers: { "Accept-Encoding": "gzip" } });
      await answer.body?.cancel();
      expect(answer.headers.get("content-encoding")).toBe("gzip");
      return Number(answer.headers.get("content-length"));
    }),
  );
  expect(sizes.length).toBeGreaterThan(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});

/** In the page: the first thread is usable once the app has taken over the form that the server drew. */
function noteWhenUsable(): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector(".send:disabled") === null) return;
    observer.disconnect();
    performance.mark("usable");
  });
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
