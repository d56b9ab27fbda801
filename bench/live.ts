import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { newConversation, newMessage, type App } from "../test/browser/support/app.ts";
import { isLive, replyField } from "../test/browser/support/page.ts";
import { until } from "../test/support/until.ts";
import { arrivalsOf, nextArrival, watchArrivals, type Arrival } from "./support/arrivals.ts";
import { clockInBrowser, clockOffset } from "./support/clocks.ts";
import { enteredAt, watchEnter } from "./support/entering.ts";
import { beside, ms, quantile, say, sayMachine, spread } from "./support/figures.ts";
import { withApp } from "./support/with-app.ts";

/*
 * From the post of a webhook to another open screen, at 100 events a second: ingest, Redis on disk, worker, SQLite,
 * stream, web app, shared worker, React, paint. Events are sent on a schedule independent of the answers, and are timed
 * from when they were due. All parts, Chromium and this sender share the machine.
 *
 *   node bench/live.ts
 */

const RATE = 100;
const SECONDS = 20;
const CROWDED_SECONDS = 10;
const CONVERSATIONS = 10;
const TARGET = { p50: 30, p99: 100 };

type Sent = Map<string, number>;

/** Posts `RATE` messages a second to these conversations in turn; when each was due, by id. */
async function traffic(app: App, conversations: readonly string[], seconds: number): Promise<Sent> {
  const sent: Sent = new Map();
  const began = clockInBrowser() + 50;
  const answers: Promise<number>[] = [];
  for (let index = 0; index < RATE * seconds; index += 1) {
    const due = began + (index * 1_000) / RATE;
    const early = due - clockInBrowser();
    if (early > 1) await sleep(early);
    const id = randomUUID();
    sent.set(id, due);
    const event = newMessage(conversations[index % conversations.length] ?? "", `Mensagem ${index + 1}`, {
      id,
    });
    answers.push(
      fetch(`${app.system.ingestUrl}/webhook/`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(event),
      }).then(async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
  }
  const refused = (await Promise.all(answers)).filter((status) => status !== 202).length;
  if (refused > 0) throw new Error(`${refused} were not accepted`);
  return sent;
}

/** Milliseconds from when each was due until it stood in the page, and until it was painted. */
async function delays(page: Page, sent: Sent): Promise<{ inserted: number[]; painted: number[] }> {
  const own = async (): Promise<Arrival[] | null> => {
    const all = (await arrivalsOf(page)).filter(({ id, painted }) => sent.has(id) && painted > 0);
    return all.length === sent.size ? all : null;
  };
  const arrivals = await until(own, { what: "every message is on screen", limitMs: 20_000, everyMs: 300 });
  const { offset } = await clockOffset(page);
  const since = (field: "inserted" | "painted") =>
    arrivals.map((one) => one[field] - offset - (sent.get(one.id) ?? NaN));
  return { inserted: since("inserted"), painted: since("painted") };
}

async function openScreen(app: App, id: string): Promise<Page> {
  const { page } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  await watchArrivals(page);
  return page;
}

let met = true;
function show(what: string, { inserted, painted }: { inserted: number[]; painted: number[] }): void {
  say(`${what}\n  in the page: ${spread(inserted)}\n  painted:     ${spread(painted)}`);
  for (const [name, at] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    met = beside(`  ${name} in the page`, quantile(inserted, at), TARGET[name], "ms") && met;
    met = beside(`  ${name} painted`, quantile(painted, at), TARGET[name], "ms") && met;
  }
}

sayMachine();
await withApp({}, async (app) => {
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
  const [open = "", busy = ""] = ids;
  await app.post(...ids.flatMap((id) => [newConversation(id), newMessage(id, "Bom dia!")]));
  const page = await openScreen(app, open);
  const { offset, error } = await clockOffset(page);
  say(`the page's clock is ${ms(offset)} ahead, give or take ${ms(error)}`);
  await traffic(app, ids, 3);

  const spreadOver = await traffic(app, ids, SECONDS);
  const shown = new Map([...spreadOver].filter((_, index) => index % ids.length === 0));
  show(
    `${RATE} events/s over ${CONVERSATIONS} conversations, one of them on screen`,
    await delays(page, shown),
  );

  const colleague = await app.agents.agent();
  await colleague.page.goto(`/conversations/${open}`);
  await isLive(colleague.page);
  const between: number[] = [];
  const theirs = await clockOffset(colleague.page);
  const ours = await clockOffset(page);
  for (let index = 0; index <= 50; index += 1) {
    const text = `Resposta ${index}`;
    await replyField(colleague.page).fill(text);
    await watchEnter(colleague.page);
    const { painted } = await nextArrival(page);
    await colleague.page.keyboard.press("Enter");
    const arrival = await painted;
    const at = (await enteredAt(colleague.page)) - theirs.offset;
    between.push(arrival.painted - ours.offset - at);
  }
  // The first answer: its code has not run in the web app or in that tab before.
  const first = between.shift() ?? NaN;
  say(`from an agent's Enter until a colleague's screen has painted it, one at a time: ${spread(between)}`);
  say(`  the first answer after the start of all processes: ${ms(first)}`);
  met = beside("  p99 between two agents", quantile(between, 0.99), 100, "ms") && met;
  await page.close();
  await colleague.context.close();

  // More than people write: it shows whether a screen falls behind and never catches up.
  const crowded = await openScreen(app, busy);
  await traffic(app, [busy], 1);
  const { inserted, painted } = await delays(crowded, await traffic(app, [busy], CROWDED_SECONDS));
  say(`${RATE} events/s for ${CROWDED_SECONDS} s, all in the conversation on screen`);
  say(`  in the page: ${spread(inserted)}\n  painted:     ${spread(painted)}`);
  process.exitCode = met ? 0 : 1;
});
