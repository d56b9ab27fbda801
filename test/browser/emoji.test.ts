import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./support/accessible.ts";
import { closeConversation, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.end();
});

test("an emoji is found by a word or by arrows, goes where the cursor was, and costs nothing before", async () => {
  const id = await app.conversation("Oi");
  const { page, faults } = await app.agents.agent();
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  expect(loaded.filter((url) => url.includes("emoji-panel"))).toEqual([]);
  await replyField(page).click();
  await page.keyboard.type("Muito !");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+.");
  const panel = page.getByRole("dialog", { name: "Emoji" });
  await panel.getByRole("searchbox").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type("obrigado");
  await page.keyboard.press("Enter");
  await panel.waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await expect.poll(() => replyField(page).inputValue()).toBe("Muito 🙏!");

  // What was used lately comes first; arrows go through the rows, Esc back to the text.
  await page.getByRole("button", { name: "Emoji" }).click();
  await panel.getByRole("searchbox").waitFor();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("🙏");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("😄");
  await page.keyboard.press("Enter");
  await panel.waitFor({ state: "detached" });
  await expect.poll(() => replyField(page).inputValue()).toBe("Muito 🙏😄!");
  await page.keyboard.press("Control+.");
  await panel.getByRole("searchbox").waitFor();
  await page.keyboard.type("zzz");
  await panel.getByText("Nenhum emoji com “zzz”").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await page.keyboard.press("Enter");
  await threadOf(page).getByText("Muito 🙏😄!").waitFor();
  expect(faults).toEqual([]);
});

test("a colleague closes while an emoji is looked for: what was written stays, what is typed is text, nothing is sent", async () => {
  const id = await app.conversation("Oi");
  const { page, context, faults } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await replyField(page).click();
  await page.keyboard.type("obrigada ");
  await page.keyboard.press("Control+.");
  await page.getByRole("dialog", { name: "Emoji" }).getByRole("searchbox").waitFor();
  await app.post(closeConversation(id));
  await page.getByText("Esta conversa foi fechada enquanto você escrevia.").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await page.keyboard.type("amor");
  await page.keyboard.press("Enter");
  await page.getByText("Nada foi enviado").waitFor();
  await expect.poll(() => replyField(page).inputValue()).toBe("obrigada amor");
  expect(await threadOf(page).getByText("obrigada").count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});
