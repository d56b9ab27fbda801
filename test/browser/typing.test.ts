import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { newMessage, startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";
import { slowNetwork } from "./support/network.ts";

/*
 * What is typed goes to the conversation that was highlighted at the first key, whole, at any latency.
 *
 *   FIO_TYPING_ROUNDS=50 npx vitest run test/browser/typing.test.ts
 */
const ROUNDS = Number(process.env["FIO_TYPING_ROUNDS"] ?? 5);
const CONVERSATIONS = 8;
/** Its letters are commands outside of a field. */
const TEXT = "Sem nenhum ruído: ação nº";

let app: App;
const ids: string[] = [];
beforeAll(async () => {
  app = await startApp();
  for (let at = 0; at < CONVERSATIONS; at += 1) ids.push(await app.conversation(`Cliente ${at}`));
}, 60_000);
afterAll(() => app.end());

type Sent = { conversation: string; text: string };
const answers = async (): Promise<Sent[]> => {
  const threads = await Promise.all(
    ids.map(async (id) => {
      const answer = await fetch(`${app.system.apiUrl}/conversations/${id}/?limit=1000`);
      const { messages } = (await answer.json()) as { messages: { content: string; direction: string }[] };
      return messages
        .filter(({ direction }) => direction === "SENT")
        .map(({ content }): Sent => ({ conversation: id, text: content }));
    }),
  );
  return threads.flat();
};
const sorted = (some: readonly Sent[]): string[] =>
  some.map(({ conversation, text }) => `${text} → ${conversation}`).sort();

/** Which row was highlighted when R was pressed, one after the other. */
async function noteHighlights(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const noted: string[] = [];
    Object.assign(globalThis, { noted });
    addEventListener(
      "keydown",
      ({ key, target }) => {
        if (key !== "r" || (target as Element).tagName === "TEXTAREA") return;
        noted.push(document.querySelector<HTMLElement>(".row[aria-current]")?.dataset["id"] ?? "");
      },
      true,
    );
  });
  return () => page.evaluate(() => (globalThis as unknown as { noted: string[] }).noted);
}

async function answer(page: Page, text: string, keyMs: number): Promise<void> {
  await page.keyboard.press("r");
  await page.keyboard.type(text, { delay: keyMs });
  await page.keyboard.press("Enter");
}

const PACES: { latency: number; keyMs: number }[] = [
  { latency: 0, keyMs: 0 },
  { latency: 150, keyMs: 0 },
  { latency: 300, keyMs: 60 },
  { latency: 900, keyMs: 10 },
];
test.each(PACES)(
  "every answer is in the conversation that was clicked, whole, at $latency ms",
  async ({ latency, keyMs }) => {
    const { page, faults } = await app.agents.agent();
    await page.goto("/");
    await isLive(page);
    await slowNetwork(page, latency);
    const highlighted = await noteHighlights(page);
    const before = await answers();
    const sent: Sent[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const conversation = ids[(round * 3 + latency) % ids.length] ?? "";
      const text = `${TEXT} ${latency}/${round}`;
      await page.locator(`.row[data-id="${conversation}"]`).click();
      if (round % 2 === 1) await page.waitForTimeout(120);
      await answer(page, text, keyMs);
      await page.keyboard.press("Escape");
      sent.push({ conversation, text });
    }
    await expect
      .poll(async () => (await answers()).length, { timeout: 30_000 })
      .toBe(before.length + sent.length);
    expect(sorted(await answers())).toEqual(sorted([...before, ...sent]));
    expect(await highlighted()).toEqual(sent.map(({ conversation }) => conversation));
    expect(faults).toEqual([]);
  },
  60_000 + ROUNDS * 12_000,
);

test(
  "answers typed as fast as keys go reach whom U opened, in the middle of traffic",
  async () => {
    const { page, faults } = await app.agents.agent();
    await page.goto("/");
    await isLive(page);
    await slowNetwork(page, 150);
    const highlighted = await noteHighlights(page);
    const before = await answers();
    const over = new AbortController();
    const traffic = (async () => {
      for (let count = 0; !over.signal.aborted; count += 1) {
        await app.post(newMessage(ids[count % ids.length] ?? "", `Ainda estou esperando ${count}`));
        await new Promise((resolve) => setTimeout(resolve, 35));
      }
    })();
    const texts: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.locator(".row.unread").first().waitFor();
      await page.keyboard.press("u");
      texts.push(`${TEXT} u/${round}`);
      await answer(page, texts.at(-1) ?? "", 0);
      await page.keyboard.press("Escape");
    }
    over.abort();
    await traffic;
    const ofRows = await highlighted();
    expect(ofRows).toHaveLength(texts.length);
    const sent = texts.map((text, at): Sent => ({ conversation: ofRows[at] ?? "", text }));
    await expect
      .poll(async () => (await answers()).length, { timeout: 30_000 })
      .toBe(before.length + sent.length);
    expect(sorted(await answers())).toEqual(sorted([...before, ...sent]));
    expect(faults).toEqual([]);
  },
  60_000 + ROUNDS * 8_000,
);

test("an answer to a conversation that was left before it was drawn is sent, and stays no draft", async () => {
  const { page, faults } = await app.agents.agent();
  const [left, next] = ids as [string, string];
  await page.goto("/");
  await isLive(page);
  await page.locator(`.row[data-id="${next}"]`).click();
  await replyField(page).waitFor();
  const before = await answers();
  // In one task, so that nothing is drawn in between.
  await page.evaluate(
    ([id, other]) => {
      const open = (row: string): void =>
        document.querySelector<HTMLElement>(`.row[data-id="${row}"]`)?.click();
      const press = (key: string): boolean | undefined =>
        document.activeElement?.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
        );
      open(id);
      press("r");
      const field = document.activeElement as HTMLTextAreaElement;
      field.value = "Já vou ver";
      field.dispatchEvent(new Event("input"));
      press("Enter");
      press("Escape");
      open(other);
    },
    [left, next] as const,
  );
  const all = [...before, { conversation: left, text: "Já vou ver" }];
  await expect.poll(async () => sorted(await answers())).toEqual(sorted(all));
  await page.locator(`.row[data-id="${left}"]`).click();
  await page.waitForURL(`**/conversations/${left}*`);
  await threadOf(page).getByText("Já vou ver").waitFor();
  await page.waitForTimeout(500);
  await expect.poll(() => replyField(page).inputValue()).toBe("");
  expect(sorted(await answers())).toEqual(sorted(all));
  expect(faults).toEqual([]);
});
