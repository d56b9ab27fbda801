import { afterAll, beforeAll, expect, test } from "vitest";
import { Redis } from "ioredis";
import type { Page } from "playwright-core";
import { presenceKey } from "@fio/contracts";
import { signedIn } from "./support/accounts.ts";
import { startApp, type App } from "./support/app.ts";
import { hasAllCode, isLive } from "./support/page.ts";

/* Agents who see what they have, and what nobody has. */

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { SIGN_IN: "required", AGENTS_SEE: "own" } });
});
afterAll(() => app.end());

const rowOf = (page: Page, id: string) => page.locator(`.rows .row[data-id="${id}"]`);
const button = (page: Page) => page.locator(".assigning");
const opened = async (page: Page, id: string): Promise<void> => {
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await hasAllCode(page);
};
/** As the outbox posts; what the app's server answers. */
const post = (page: Page, conversation: string): Promise<unknown> =>
  page.evaluate(async (id) => {
    const body = {
      type: "NEW_MESSAGE",
      timestamp: new Date().toISOString(),
      data: { id: crypto.randomUUID(), direction: "SENT", content: "Não devia", conversation_id: id },
    };
    const answer = await fetch("/data/events", { method: "POST", body: JSON.stringify(body) });
    return (await answer.json()) as unknown;
  }, conversation);
const isMissing = (page: Page) => page.getByRole("heading", { name: "Nenhuma conversa com este ID" });

test("each sees their own and nobody's; what is given away leaves the screen, and a link to it leads nowhere", async () => {
  const taken = await app.conversation("Quem cuida do meu pedido?");
  const free = await app.conversation("E do meu?");
  const ana = await signedIn(app, { name: "Ana Lima" });
  const bia = await signedIn(app, { name: "Bia Melo" });
  await opened(ana.page, taken);
  await opened(bia.page, taken);
  await button(bia.page).waitFor();
  await rowOf(bia.page, taken).waitFor();

  // Taken while the other reads it.
  await ana.page.keyboard.press("p");
  await expect.poll(() => button(ana.page).textContent()).toBe("Com você");
  await rowOf(bia.page, taken).waitFor({ state: "detached" });
  await rowOf(bia.page, free).waitFor();
  await expect.poll(() => bia.page.getByText("Quem cuida do meu pedido?").count()).toBe(0);
  await isMissing(bia.page).first().waitFor();

  // A link to it, and what the app asks for by itself.
  await bia.page.goto(`/conversations/${taken}`);
  await isMissing(bia.page).first().waitFor();
  await rowOf(bia.page, free).waitFor();
  expect(await rowOf(bia.page, taken).count()).toBe(0);
  expect(await bia.page.content()).not.toContain("Quem cuida do meu pedido?");
  const posted = await post(bia.page, taken);
  expect(posted).toMatchObject({ kind: "invalid", code: "CONVERSATION_NOT_FOUND" });

  // Given to the other: off the one screen and onto the other.
  await ana.page.keyboard.press("a");
  const dialog = ana.page.getByRole("dialog", { name: "Com quem fica a conversa?" });
  await dialog.getByRole("option", { name: "Bia Melo" }).waitFor();
  await ana.page.keyboard.type("bia");
  await expect.poll(() => dialog.getByRole("option").count()).toBe(1);
  await ana.page.keyboard.press("Enter");
  await rowOf(ana.page, taken).waitFor({ state: "detached" });
  await isMissing(ana.page).first().waitFor();
  await rowOf(bia.page, taken).waitFor();
  await expect.poll(() => button(bia.page).textContent()).toBe("Com você");
  await bia.page.getByText("Quem cuida do meu pedido?").first().waitFor();

  // What is nobody's can be taken.
  await opened(ana.page, free);
  await button(ana.page).waitFor();
  await ana.page.keyboard.press("p");
  await expect.poll(() => button(ana.page).textContent()).toBe("Com você");
  await rowOf(bia.page, free).waitFor({ state: "detached" });

  // An admin sees all.
  const chefe = await signedIn(app, { name: "Chefe", role: "admin" });
  await opened(chefe.page, taken);
  await rowOf(chefe.page, taken).waitFor();
  await rowOf(chefe.page, free).waitFor();
  for (const { context } of [ana, bia, chefe]) await context.close();
}, 120_000);

test("what one may see is answered while nobody's presence can be kept, and what one may not is refused still", async () => {
  const [taken, free] = [await app.conversation("Com quem?"), await app.conversation("Com ninguém")];
  const ana = await signedIn(app, { name: "Ana Reis" });
  const bia = await signedIn(app, { name: "Bia Reis" });
  await opened(ana.page, taken);
  await button(ana.page).waitFor();
  await ana.page.keyboard.press("p");
  await expect.poll(() => button(ana.page).textContent()).toBe("Com você");
  await opened(bia.page, free);
  // Redis accepts events, and fails whatever is asked of who is there.
  const redis = new Redis(app.system.redis.url);
  for (const id of [taken, free]) await redis.set(presenceKey(id), "not a hash");
  redis.disconnect();
  expect(await post(bia.page, free)).toMatchObject({ kind: "accepted" });
  await expect
    .poll(async () => JSON.stringify(await post(bia.page, taken)))
    .toContain("CONVERSATION_NOT_FOUND");
  for (const { context } of [ana, bia]) await context.close();
}, 60_000);
