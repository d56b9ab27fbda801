import { randomUUID } from "node:crypto";
import { setTimeout as rest } from "node:timers/promises";
import { timestampOf } from "@fio/contracts";
import { newConversation, newMessage } from "../test/browser/support/app.ts";
import { isLive } from "../test/browser/support/page.ts";
import { beside, quantile, say, sayMachine, spread } from "./support/figures.ts";
import { withApp } from "./support/with-app.ts";

/*
 * Frames of a tab on the list of who waits while 300 rows change every second, beside frames of the same tab at rest; then
 * with nine more tabs of the same browser. Without a screen all ten draw every frame, which no browser does for tabs that
 * nobody sees: their figure is told, and has no target.
 *
 *   node bench/list.ts
 */

const CONVERSATIONS = 300;
const SECONDS = 8;
const TABS = 9;
/** One frame may be late now and then: two in a row are seen. */
const TARGET_MS = 34;

sayMachine();
await withApp({}, async (app) => {
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
  const began = Date.now() - 3_600_000;
  await app.post(
    ...ids.flatMap((id, n) => {
      const at = began + n * 1_000;
      return [newConversation(id, timestampOf(at)), newMessage(id, "Oi", { timestamp: timestampOf(at + 1) })];
    }),
  );
  const { page, tab } = await app.agents.agent();
  await page.goto("/?state=waiting");
  await isLive(page);
  await page.bringToFront();
  const frames = (seconds: number): Promise<number[]> =>
    page.evaluate(
      (milliseconds) =>
        new Promise<number[]>((resolve) => {
          const took: number[] = [];
          const end = performance.now() + milliseconds;
          let last = performance.now();
          const frame = (now: number): void => {
            took.push(now - last);
            last = now;
            if (now < end) requestAnimationFrame(frame);
            else resolve(took.slice(1));
          };
          requestAnimationFrame(frame);
        }),
      seconds * 1_000,
    );
  say(`at rest: ${spread(await frames(3))}`);

  const ending = new AbortController();
  let changed = 0;
  const traffic = (async () => {
    for (let round = 0; !ending.signal.aborted; round += 1) {
      const due = performance.now() + 250;
      const some = ids.filter((_, n) => n % 4 === round % 4);
      // Half of them are answered: they leave the list, and come back with the next message.
      const direction = (n: number) => ((n + round) % 2 === 0 ? ("RECEIVED" as const) : ("SENT" as const));
      await app.post(
        ...some.map((id, n) => newMessage(id, `mensagem ${round}`, { direction: direction(n) })),
      );
      changed += some.length;
      await rest(Math.max(0, due - performance.now()));
    }
  })();
  const measure = async (what: string): Promise<number[]> => {
    await rest(1_000);
    const before = changed;
    const took = await frames(SECONDS);
    say(`${what}, ${((changed - before) / SECONDS).toFixed(0)} rows changing every second: ${spread(took)}`);
    return took;
  };
  const alone = await measure("one tab");
  for (let count = 0; count < TABS; count += 1) await tab("/");
  await page.bringToFront();
  await measure(`${TABS + 1} tabs`);
  ending.abort();
  await traffic;
  process.exitCode = beside("  p95 of one tab", quantile(alone, 0.95), TARGET_MS, "ms") ? 0 : 1;
});
