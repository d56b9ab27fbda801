import { randomUUID } from "node:crypto";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { phrase } from "../../scripts/simulate/phrases.ts";
import { seeded } from "../support/random.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, threadOf } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

/** An event a second for eight hours is 28,800; what a tab keeps must not depend on how many there were. */
const HOURS_WARM = 3;
const HOURS = 8;
const EVENTS_AN_HOUR = 3_600;
const BATCH = 300;

const random = seeded(8);

/** Customers come, write and are done; every third message is in the conversation that stays open, `last` at the end. */
async function traffic(hours: number, open: string, last = `Fim de ${hours} horas`): Promise<void> {
  let events: object[] = [];
  const add = async (...more: object[]): Promise<void> => {
    events.push(...more);
    if (events.length < BATCH) return;
    const batch = events;
    events = [];
    await app.post(...batch);
  };
  let count = 0;
  while (count < hours * EVENTS_AN_HOUR) {
    const id = randomUUID();
    await add(newConversation(id));
    for (let turn = 0; turn < 6; turn += 1) {
      await add(newMessage(id, phrase("RECEIVED", turn, random.next)));
      if (turn % 2 === 0) await add(newMessage(open, phrase("RECEIVED", turn, random.next)));
    }
    await add(closeConversation(id));
    count += 11;
  }
  await app.post(...events, newMessage(open, last));
}

/** Megabytes that are still reachable, and nodes of the page, after all garbage is gone. */
async function memory(session: CDPSession): Promise<{ heap: number; nodes: number; listeners: number }> {
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { heap: of("JSHeapUsedSize") / 1e6, nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

async function openTab(id: string): Promise<{ page: Page; session: CDPSession }> {
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}?state=all`);
  await isLive(page);
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  return { page, session };
}

/** Opens those at the top of the list, one after the other, and comes back. */
async function lookAround(page: Page, open: string): Promise<void> {
  // Under the pointer nothing moves.
  await page.locator(".list-scroll").hover();
  const ids = await page
    .locator(".list .row[data-id]")
    .evaluateAll((rows) => rows.slice(0, 10).map((row) => (row as HTMLElement).dataset["id"] ?? ""));
  for (const id of [...ids, open]) {
    await page.locator(`.row[data-id="${id}"]`).click();
    await page.locator(`main[data-conversation="${id}"] [role="log"]`).waitFor();
  }
}

/** Where it is at most 1.05 when nothing else runs: room for what a machine does beside it. */
const MOST_GROWTH = 1.1;

test("in an hour of traffic and of work a tab needs no more memory in the last quarter than in the second", async () => {
  const open = randomUUID();
  await app.post(newConversation(open), newMessage(open, "Bom dia!"));
  const { page, session } = await openTab(open);
  const heaps: number[] = [];
  for (const quarter of ["primeiro", "segundo", "terceiro", "quarto"]) {
    await traffic(0.25, open, `Fim do ${quarter} quarto`);
    await threadOf(page).getByText(`Fim do ${quarter} quarto`).waitFor({ timeout: 60_000 });
    await lookAround(page, open);
    heaps.push((await memory(session)).heap);
  }
  const [, second = NaN, , last = NaN] = heaps;
  process.stdout.write(
    `heap at the end of each quarter of an hour: ${heaps.map((heap) => heap.toFixed(2)).join(", ")} MB\n`,
  );
  expect(last / second).toBeLessThanOrEqual(MOST_GROWTH);
}, 240_000);

test("eight hours of traffic do not make a tab grow that has seen three", async () => {
  const open = randomUUID();
  await app.post(newConversation(open), newMessage(open, "Bom dia!"));
  const { page, session } = await openTab(open);
  await traffic(HOURS_WARM, open);
  await threadOf(page).getByText(`Fim de ${HOURS_WARM} horas`).waitFor();
  const early = await memory(session);
  await traffic(HOURS, open);
  await threadOf(page).getByText(`Fim de ${HOURS} horas`).waitFor({ timeout: 60_000 });
  const late = await memory(session);
  process.stdout.write(
    `heap ${early.heap.toFixed(1)} MB after ${HOURS_WARM} h, ${late.heap.toFixed(1)} MB after ${HOURS_WARM + HOURS} h; ` +
      `nodes ${early.nodes}, ${late.nodes}; listeners ${early.listeners}, ${late.listeners}\n`,
  );
  expect(late.heap / early.heap).toBeLessThan(1.5);
  expect(late.nodes / early.nodes).toBeLessThan(2);
  expect(late.listeners / early.listeners).toBeLessThan(2);
}, 240_000);
