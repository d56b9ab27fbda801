import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violationsInBothThemes } from "./support/accessible.ts";
import { signedIn } from "./support/accounts.ts";
import { startApp, type App } from "./support/app.ts";
import { misplaced } from "./support/laid-out.ts";
import { hasAllCode, isLive } from "./support/page.ts";

/* Agents take conversations, give them to each other, and give them back. */

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { SIGN_IN: "required" } });
});
afterAll(() => app.end());

const rowOf = (page: Page, id: string) => page.locator(`.rows .row[data-id="${id}"]`);
const holderOf = (page: Page, id: string) => rowOf(page, id).locator(".holder");
const button = (page: Page) => page.locator(".assigning");

test("one is taken, given to a colleague, taken back by the notice and given back, by keys, and seen on every screen", async () => {
  const conversation = await app.conversation("Quem cuida do meu pedido?");
  const other = await app.conversation("E do meu?");
  const ana = await signedIn(app, { name: "Ana Lima" });
  const bia = await signedIn(app, { name: "Bia Melo", theme: "dark", language: "en-US", size: "laptop" });
  await ana.page.goto(`/conversations/${conversation}`);
  await bia.page.goto(`/conversations/${conversation}`);
  for (const { page } of [ana, bia]) {
    await isLive(page);
    await hasAllCode(page);
    await button(page).waitFor();
  }
  await expect.poll(() => button(ana.page).textContent()).toBe("Assumir");

  await ana.page.keyboard.press("p");
  await expect.poll(() => button(ana.page).textContent()).toBe("Com você");
  await expect.poll(() => button(bia.page).textContent()).toBe("With Ana Lima");
  await expect.poll(() => holderOf(bia.page, conversation).textContent()).toBe(", with Ana Lima");
  await expect.poll(() => holderOf(bia.page, other).count()).toBe(0);

  // To a colleague, by name.
  await ana.page.keyboard.press("a");
  const dialog = ana.page.getByRole("dialog", { name: "Com quem fica a conversa?" });
  await dialog.getByRole("option", { name: "Bia Melo" }).waitFor();
  expect(await violationsInBothThemes(ana.page)).toEqual([]);
  await ana.page.keyboard.type("bia");
  await expect.poll(() => dialog.getByRole("option").count()).toBe(1);
  await ana.page.keyboard.press("Enter");
  await expect.poll(() => button(bia.page).textContent()).toBe("With you");
  await expect.poll(() => holderOf(ana.page, conversation).textContent()).toBe(", com Bia Melo");

  // By mistake.
  await ana.page.getByRole("button", { name: "Desfazer" }).click();
  await expect.poll(() => button(bia.page).textContent()).toBe("With Ana Lima");

  // Not over what somebody else has done meanwhile.
  await ana.page.keyboard.press("a");
  await dialog.getByRole("option", { name: "Bia Melo" }).click();
  await expect.poll(() => button(bia.page).textContent()).toBe("With you");
  await bia.page.keyboard.press("b");
  await expect.poll(() => button(ana.page).textContent()).toBe("Assumir");
  await ana.page.getByRole("button", { name: "Desfazer" }).click();
  await ana.page.getByText("A conversa já mudou de mãos de novo.").waitFor();
  await expect.poll(() => button(bia.page).textContent()).toBe("Take it");

  await bia.page.keyboard.press("p");
  await expect.poll(() => button(ana.page).textContent()).toBe("Com Bia Melo");
  await bia.page.keyboard.press("b");
  await expect.poll(() => button(bia.page).textContent()).toBe("Take it");
  await expect.poll(() => button(ana.page).textContent()).toBe("Assumir");
  for (const { page } of [ana, bia]) {
    expect(await violationsInBothThemes(page)).toEqual([]);
    expect(await misplaced(page)).toEqual([]);
  }
  await ana.page.getByText("Detalhes técnicos").click();
  await ana.page.locator(".tl .ev", { hasText: "Agora com Bia Melo" }).first().waitFor();
  await ana.page.locator(".tl .ev", { hasText: "Agora não está com ninguém" }).first().waitFor();
  for (const { faults, context } of [ana, bia]) {
    expect(faults).toEqual([]);
    await context.close();
  }
}, 90_000);

test("the list is mine, nobody's or everybody's, as each agent last chose, and follows what others do", async () => {
  const conversations = [await app.conversation("Um"), await app.conversation("Dois")];
  const [one, two] = conversations as [string, string];
  const caio = await signedIn(app, { name: "Caio Reis" });
  const duda = await signedIn(app, { name: "Duda Paz" });
  for (const { page } of [caio, duda]) {
    await page.goto(`/conversations/${one}`);
    await isLive(page);
    await hasAllCode(page);
    await button(page).waitFor();
  }
  await caio.page.keyboard.press("p");
  await expect.poll(() => button(caio.page).textContent()).toBe("Com você");
  await caio.page.keyboard.press("g");
  await caio.page.keyboard.press("m");
  await rowOf(caio.page, two).waitFor({ state: "detached" });
  await rowOf(caio.page, one).waitFor();
  await caio.page.reload();
  await isLive(caio.page);
  await rowOf(caio.page, one).waitFor();
  await rowOf(caio.page, two).waitFor({ state: "detached" });
  await expect.poll(() => caio.page.getByLabel("De quem").inputValue()).toBe("mine");
  expect(await violationsInBothThemes(caio.page)).toEqual([]);

  // What another agent chose is theirs.
  await expect.poll(() => duda.page.getByLabel("De quem").inputValue()).toBe("all");
  await duda.page.getByLabel("De quem").selectOption("nobody");
  await rowOf(duda.page, one).waitFor({ state: "detached" });
  await rowOf(duda.page, two).waitFor();
  await caio.page.keyboard.press("b");
  await rowOf(duda.page, one).waitFor();
  for (const { faults, context } of [caio, duda]) {
    expect(faults).toEqual([]);
    await context.close();
  }
}, 90_000);
