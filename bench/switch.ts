import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { slowNetwork } from "../test/browser/support/network.ts";
import { isLive, threadOf } from "../test/browser/support/page.ts";
import { seedStore } from "../test/support/seed-store.ts";
import { until } from "../test/support/until.ts";
import { beside, ms, quantile, say, sayMachine, spread } from "./support/figures.ts";
import { longConversation, type Long } from "./support/long-conversations.ts";
import { scrollUp } from "./support/scrolling.ts";
import { timeToMessage, watchSwitches } from "./support/switches.ts";
import { withApp } from "./support/with-app.ts";

/*
 * From the click on a row of the list until the messages of that conversation are painted, with 10, with 1,000 and
 * with 100,000 messages; then opening the longest by its address, and scrolling up in it.
 *
 *   node bench/switch.ts [latency in milliseconds, of every request of the browser]
 */

const TARGET_MS = 100;
const LATENCY_MS = Number(process.argv[2] ?? 0);
const ROUNDS = 4;
const SIZES = [
  { messages: 10, conversations: 9 },
  { messages: 1_000, conversations: 8 },
  { messages: 100_000, conversations: 1 },
];

sayMachine();
const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
const databaseUrl = `sqlite:${join(directory, "fio.db")}`;

// Receipts lie back a day: those of ingest begin now.
let receipt = (Date.now() - 86_400_000) * 1_000;
const seeded = SIZES.flatMap(({ messages, conversations }, size) =>
  Array.from({ length: conversations }, (_, index) => ({
    messages,
    ...longConversation({
      seed: 1_000 * size + index + 1,
      messages,
      until: Date.now() - 60_000 * (10 * size + index + 1),
      receipts: () => (receipt += 1),
    }),
  })),
);
const began = performance.now();
await seedStore(
  databaseUrl,
  seeded.flatMap(({ events }) => events),
);
const count = seeded.reduce((sum, { events }) => sum + events.length, 0);
say(
  `${count} events put into SQLite by the applier in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
);

type Conversation = Long & { messages: number };

async function switchTo(page: Page, { id, last }: Conversation): Promise<number> {
  await watchSwitches(page, last);
  await page.locator(`.row[data-id="${id}"]`).click();
  return until(() => timeToMessage(page), { what: `${id} is painted`, limitMs: 20_000, everyMs: 20 });
}

try {
  await withApp({ databaseUrl }, async (app) => {
    const sizes = SIZES.map(({ messages }) => messages);
    const first = new Map(sizes.map((size) => [size, [] as number[]]));
    const cold: number[] = [];
    const again = new Map(sizes.map((size) => [size, [] as number[]]));
    const of = (size: number): Conversation[] => seeded.filter(({ messages }) => messages === size);
    const [warm, spare, ...others] = of(10);
    const [longest] = of(100_000);
    if (warm === undefined || spare === undefined || longest === undefined)
      throw new Error("nothing was seeded");
    for (let round = 0; round < ROUNDS; round += 1) {
      // The tab has loaded none of them yet.
      const { page, context } = await app.agents.agent();
      await page.goto(`/conversations/${warm.id}`);
      await isLive(page);
      if (LATENCY_MS > 0) await slowNetwork(page, LATENCY_MS);
      // Once per tab: the browser has not compiled the code yet.
      cold.push(await switchTo(page, spare));
      for (const times of [first, again]) {
        for (const [index, thousand] of of(1_000).entries()) {
          times.get(1_000)?.push(await switchTo(page, thousand));
          const ten = others[index];
          if (ten !== undefined) times.get(10)?.push(await switchTo(page, ten));
          // A first visit happens once in a tab.
          if (times === again || index === 0) times.get(100_000)?.push(await switchTo(page, longest));
        }
        await switchTo(page, warm);
      }
      await context.close();
    }
    say(`the first switch of a tab, 10 messages: ${spread(cold)}`);
    let met = true;
    if (LATENCY_MS > 0)
      say(`every request takes ${LATENCY_MS} ms longer: the target is for what the tab knows`);
    for (const size of sizes) {
      const [fresh = [], back = []] = [first.get(size), again.get(size)];
      say(`${size.toLocaleString("en")} messages`);
      say(`  the first time: ${spread(fresh)}`);
      say(`  coming back:    ${spread(back)}`);
      // What it does not know has to come over the network.
      const measured = LATENCY_MS > 0 ? back : [...fresh, ...back];
      const words = LATENCY_MS > 0 ? "  p95 of coming back" : "  p95 of both";
      met = beside(words, quantile(measured, 0.95), TARGET_MS, "ms") && met;
    }

    for (const conversation of [warm, longest]) {
      const opened: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const { page, context } = await app.agents.agent();
        // The first visit asks twice, for the reader's time zone.
        await page.goto("/rejections");
        const start = performance.now();
        await page.goto(`/conversations/${conversation.id}`, { waitUntil: "commit" });
        await threadOf(page).locator(`[data-message="${conversation.last}"]`).waitFor();
        opened.push(performance.now() - start);
        await context.close();
      }
      say(
        `opened by its address, ${conversation.messages.toLocaleString("en")} messages: ${ms(quantile(opened, 0.5))}`,
      );
    }

    const { page } = await app.agents.agent();
    await page.goto(`/conversations/${longest.id}`);
    await isLive(page);
    const { frames, loaded, passed, seconds, jumps } = await scrollUp(page, { seconds: 12 });
    say(
      `scrolled up for ${seconds.toFixed(1)} s: ${passed.toFixed(0)} px, ${loaded} messages loaded, ` +
        `frames ${spread(frames)}, ${jumps} jumps of what was in view`,
    );
    process.exitCode = met && jumps === 0 ? 0 : 1;
  });
} finally {
  await rm(directory, { recursive: true, force: true });
}
