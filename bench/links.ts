import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import {
  conversationId,
  fillLopsided,
  messageId,
} from "../services/conversations/src/store/testing/lopsided.ts";
import { threadOf } from "../test/browser/support/page.ts";
import { beside, say, sayMachine, spread } from "./support/figures.ts";
import { withApp } from "./support/with-app.ts";

/*
 * From asking for the address of a message in a thread of 100,000 until that message is in view, 20 random ones, and
 * whether it is still there 5 s later.
 *
 *   node bench/links.ts
 *
 * About three minutes.
 */

const MESSAGES = 100_000;
const LINKS = 20;
const TARGET_MS = 1_000;
const STAYS_MS = 5_000;
const id = conversationId(0);

sayMachine();
const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
const databaseUrl = `sqlite:${join(directory, "fio.db")}`;
const store = openStore(databaseUrl);
await migrate(store);
await fillLopsided(store, {
  conversations: 1,
  messages: MESSAGES,
  unapplied: 0,
  now: Date.now() - 3_600_000,
});
await store.close();

try {
  await withApp({ databaseUrl, seconds: 300 }, async (app) => {
    const { page } = await app.agents.agent();
    // The first visit asks twice, for the reader's time zone.
    await page.goto("/rejections");
    const times: number[] = [];
    let stayed = 0;
    for (let link = 0; link < LINKS; link += 1) {
      const asked = messageId(Math.floor(Math.random() * MESSAGES));
      const message = threadOf(page).locator(`[data-message="${asked}"]`);
      const isInView = (): Promise<boolean> =>
        message.evaluateAll((elements) =>
          elements.some((element) => {
            const { top, bottom } = element.getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight;
          }),
        );
      const began = performance.now();
      await page.goto(`/conversations/${id}?message=${asked}`, { waitUntil: "commit" });
      while (!(await isInView().catch(() => false))) {
        if (performance.now() - began > 20_000) throw new Error(`${asked} is not shown`);
      }
      times.push(performance.now() - began);
      await page.waitForTimeout(STAYS_MS);
      if (await isInView()) stayed += 1;
    }
    say(`shown after ${spread(times)}; ${stayed} of ${LINKS} still there ${STAYS_MS / 1_000} s later`);
    const met = beside("the slowest", Math.max(...times), TARGET_MS, "ms");
    process.exitCode = met && stayed === LINKS ? 0 : 1;
  });
} finally {
  await rm(directory, { recursive: true, force: true });
}
