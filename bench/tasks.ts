import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { isLive, replyField, threadOf } from "../test/browser/support/page.ts";
import { closeConversation, newConversation, newMessage, type App } from "../test/browser/support/app.ts";
import { say, sayMachine } from "./support/figures.ts";
import { withApp } from "./support/with-app.ts";

/*
 * Ten everyday tasks of an agent, done by keyboard alone in a real browser: how many keys each takes beside the text that
 * is written, and how long until its end is on the screen. Keys follow each other as fast as the page takes them.
 *
 *   node bench/tasks.ts
 */

/** Counts what an agent presses. `text` are the letters of an answer; `keys` everything else. */
function keyboardOf(page: Page) {
  const counted = { keys: 0, text: 0 };
  return {
    counted,
    press: async (...keys: string[]): Promise<void> => {
      for (const key of keys) {
        counted.keys += 1;
        await page.keyboard.press(key);
      }
    },
    /** Letters by which something is looked for. */
    find: async (letters: string): Promise<void> => {
      counted.keys += letters.length;
      await page.keyboard.type(letters);
    },
    write: async (text: string): Promise<void> => {
      counted.text += text.length;
      await page.keyboard.type(text);
    },
    /** Tab until a control has the focus; throws when it is not on the way. */
    tabTo: async (target: Locator): Promise<void> => {
      await target.waitFor();
      for (let tabs = 0; tabs < 80; tabs += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        counted.keys += 1;
        await page.keyboard.press("Tab");
      }
      throw new Error("80 times Tab did not lead there");
    },
  };
}
type Keyboard = ReturnType<typeof keyboardOf>;

const READY = [
  { id: "1", title: "prazo", text: "{saudacao}, {nome}! O prazo é de dois dias." },
  { id: "2", title: "tchau", text: "Obrigado pelo contato, até logo!" },
];

/** The field of the conversation that is open has the focus. */
const inField = (page: Page): Promise<unknown> => replyField(page).and(page.locator(":focus")).waitFor();
const shown = (page: Page, text: string | RegExp): Promise<void> =>
  threadOf(page).getByText(text).last().waitFor();

async function answerNext(page: Page, keyboard: Keyboard, text: string): Promise<void> {
  await keyboard.press("u");
  await page.waitForURL("**/conversations/*");
  await keyboard.press("r");
  await inField(page);
  await keyboard.write(text);
}

type Task = { what: string; run: (page: Page, keyboard: Keyboard, app: App) => Promise<void> };

const waitingOnes = async (app: App, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const id = randomUUID();
    await app.post(newConversation(id), newMessage(id, `Qual o prazo? (${n})`));
  }
};
const late = async (app: App, text: string): Promise<void> => {
  const id = await app.conversation("Oi", "> Resolvido!");
  await app.post(closeConversation(id));
  await app.post(newMessage(id, text));
};

/** Late messages wait longest once they are there, and their conversations are closed: they come last. */
const TASKS: Task[] = [
  {
    what: "answer the next who waits",
    run: async (page, keyboard) => {
      await answerNext(page, keyboard, "Já vou ver.");
      await keyboard.press("Enter");
      await shown(page, "Já vou ver.");
    },
  },
  {
    what: "find a customer by part of a number",
    run: async (page, keyboard) => {
      await keyboard.press("Control+k");
      await keyboard.find("91234-5678");
      await page
        .getByRole("option", { name: /91234-5678/ })
        .first()
        .waitFor();
      await keyboard.press("Enter");
      await page.locator("a.hit").first().waitFor();
      await keyboard.press("j", "Enter");
      await shown(page, /91234-5678/);
    },
  },
  {
    what: "answer three with a ready text",
    run: async (page, keyboard) => {
      await keyboard.press("u");
      await page.waitForURL("**/conversations/*");
      await keyboard.press("r");
      for (let n = 0; n < 3; n += 1) {
        await inField(page);
        const before = page.url();
        await keyboard.find("/pr");
        await page.getByRole("option", { name: /prazo/, selected: true }).waitFor();
        await keyboard.press("Control+Enter");
        await page.waitForURL((url) => url.href !== before);
      }
    },
  },
  {
    what: "jump to a date",
    run: async (page, keyboard, app) => {
      const day = new Date(Date.now() - 30 * 86_400_000);
      const id = randomUUID();
      const at = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString();
      await app.post(
        newConversation(id, at(40) as never),
        ...Array.from({ length: 400 }, (_, n) =>
          newMessage(id, `dia ${n}`, { timestamp: at(40 - n / 10) as never }),
        ),
      );
      await page.goto(`/conversations/${id}`);
      await shown(page, "dia 399");
      await keyboard.press("g", "d");
      await page.locator("input[type=date]:focus").waitFor();
      const [year = "", month = "", dayOfMonth = ""] = day.toISOString().slice(0, 10).split("-");
      await keyboard.find(`${month}${dayOfMonth}${year}`);
      await keyboard.press("Enter");
      await threadOf(page)
        .getByText(/^dia (9\d|10\d)$/)
        .first()
        .waitFor();
    },
  },
  {
    what: "send and next through five",
    run: async (page, keyboard) => {
      await answerNext(page, keyboard, "Resposta 0");
      for (let n = 1; n < 5; n += 1) {
        const before = page.url();
        await keyboard.press("Control+Enter");
        await page.waitForURL((url) => url.href !== before);
        await inField(page);
        await keyboard.write(`Resposta ${n}`);
      }
      await keyboard.press("Enter");
      await shown(page, "Resposta 4");
    },
  },
  {
    what: "find a word and answer there",
    run: async (page, keyboard) => {
      await keyboard.press("Control+k");
      await keyboard.find("parafuso");
      await page
        .getByRole("option", { name: /parafuso/ })
        .first()
        .waitFor();
      await keyboard.press("Enter");
      await page.locator("a.hit").first().waitFor();
      await keyboard.press("j", "Enter");
      await shown(page, /parafuso/);
      await keyboard.press("r");
      await inField(page);
      await keyboard.write("Temos, sim.");
      await keyboard.press("Enter");
      await shown(page, "Temos, sim.");
    },
  },
  {
    what: "new conversation with its first message",
    run: async (page, keyboard) => {
      await keyboard.press("n");
      await page.locator("textarea:focus").waitFor();
      await keyboard.write("Olá! Seu pedido chegou.");
      await keyboard.press("Enter");
      await shown(page, "Olá! Seu pedido chegou.");
    },
  },
  {
    what: "close with a goodbye",
    run: async (page, keyboard) => {
      await keyboard.press("u");
      await page.waitForURL("**/conversations/*");
      await keyboard.press("r");
      await inField(page);
      await keyboard.find("/tc");
      await page.getByRole("option", { name: /tchau/, selected: true }).waitFor();
      await keyboard.press("Enter", "Enter");
      await shown(page, "Obrigado pelo contato, até logo!");
      await keyboard.press("Escape", "e");
      await keyboard.tabTo(page.getByRole("alertdialog").getByRole("button", { name: "Fechar conversa" }));
      await keyboard.press("Enter");
      await page.getByRole("main").getByText("Fechada", { exact: true }).waitFor();
    },
  },
  {
    what: "mark a late message as seen to",
    run: async (page, keyboard, app) => {
      await late(app, "obrigada!");
      await keyboard.press("g", "r");
      const line = page.getByRole("listitem").filter({ hasText: "obrigada!" });
      await line.waitFor();
      await keyboard.press("j", "Tab", "Enter");
      await line.getByRole("button", { name: "Já vi" }).waitFor({ state: "detached" });
    },
  },
  {
    what: "carry a late message over",
    run: async (page, keyboard, app) => {
      await late(app, "ainda há um problema");
      await keyboard.press("g", "r");
      const line = page.getByRole("listitem").filter({ hasText: "ainda há um problema" });
      await line.waitFor();
      await keyboard.press("j", "Enter");
      // Where it went is a link, to answer there.
      await line
        .getByRole("link", { name: /Levada/ })
        .and(page.locator(":focus"))
        .waitFor();
      await keyboard.press("Enter");
      await shown(page, "ainda há um problema");
    },
  },
];

sayMachine();
await withApp({ seconds: 240 }, async (app) => {
  await app.conversation("Meu número é (11) 91234-5678", "> Anotado!");
  await app.conversation("Vocês têm parafuso sextavado?", "> Um momento.");
  await waitingOnes(app, 12);
  say("task                                        keys   letters      time");
  let failed = 0;
  for (const { what, run } of TASKS) {
    const { page, context } = await app.agents.agent();
    page.setDefaultTimeout(8_000);
    await page.addInitScript((answers) => localStorage.setItem("fio.ready", answers), JSON.stringify(READY));
    await page.goto("/");
    await isLive(page);
    const keyboard = keyboardOf(page);
    const began = performance.now();
    const fault = await run(page, keyboard, app).then(
      () => null,
      (error: unknown) => (error as Error).message.split("\n")[0] ?? "",
    );
    const { keys, text } = keyboard.counted;
    const took = `${((performance.now() - began) / 1_000).toFixed(2)} s`;
    say(
      fault === null
        ? `${what.padEnd(42)}${String(keys).padStart(6)}${String(text).padStart(10)}${took.padStart(10)}`
        : `${what.padEnd(42)}FAILED ${fault}`,
    );
    if (fault !== null) failed += 1;
    await context.close();
  }
  process.exitCode = failed === 0 ? 0 : 1;
});
