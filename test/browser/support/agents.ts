import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { findChromium } from "../../../scripts/test/browser.ts";

/** Agents at their browsers. */
export type Agents = {
  /** A browser of its own, with nothing remembered. `expected`: faults in the console that this test brings about. */
  agent: (options?: AgentOptions) => Promise<Agent>;
  end: () => Promise<void>;
};
export type AgentOptions = {
  language?: "pt-BR" | "en-US";
  theme?: "light" | "dark";
  size?: keyof typeof SIZES;
  scripts?: boolean;
  /** A finger and a keyboard on the screen. */
  touch?: boolean;
  expected?: RegExp;
  /** Another address of the same app. */
  base?: string;
  before?: (context: BrowserContext) => Promise<unknown>;
};
export type Agent = {
  context: BrowserContext;
  page: Page;
  tab: (path: string) => Promise<Page>;
  /** What the console complained of: broken policies, failed hydrations, uncaught errors. */
  faults: string[];
};

const SIZES = {
  wide: { width: 1440, height: 900 },
  laptop: { width: 1024, height: 768 },
  tablet: { width: 900, height: 1180 },
  phone: { width: 390, height: 844 },
  landscape: { width: 844, height: 390 },
} as const;

const ZONE = "America/Sao_Paulo";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  // Pictures of text are then a third of the size.
  "--disable-lcd-text",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A name of an office's network.
  "--host-resolver-rules=MAP fio.test 127.0.0.1",
];

export async function openBrowser(base: string): Promise<Agents> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error("there is no Chromium: npm test brings one, or set FIO_CHROMIUM");
  const browser: Browser = await chromium.launch({ executablePath, args: FLAGS });
  return {
    agent: async ({
      language = "pt-BR",
      theme = "light",
      size = "wide",
      scripts = true,
      touch = false,
      expected = /(?!)/,
      base: other = base,
      before,
    } = {}) => {
      const context = await browser.newContext({
        baseURL: other,
        viewport: SIZES[size],
        locale: language,
        timezoneId: ZONE,
        colorScheme: theme,
        javaScriptEnabled: scripts,
        hasTouch: touch,
        isMobile: touch,
        reducedMotion: "reduce",
      });
      // Below the tests' own limit, so that what did not come is named.
      context.setDefaultTimeout(20_000);
      await before?.(context);
      const faults: string[] = [];
      context.on("page", (page) => {
        // A navigation that overtakes another leaves the reads that Remix aborts for it unhandled.
        page.on("pageerror", (error) => {
          if (error.name !== "AbortError") faults.push(error.stack ?? error.message);
        });
        page.on("console", (message) => {
          if (message.type() === "error" && !expected.test(message.text())) faults.push(message.text());
        });
      });
      const newPage = async (): Promise<Page> => {
        const page = await context.newPage();
        return scripts ? seenAlive(page, faults) : page;
      };
      const tab = async (path: string): Promise<Page> => {
        const page = await newPage();
        await page.goto(path);
        return page;
      };
      return { context, page: await newPage(), tab, faults };
    },
    end: () => browser.close(),
  };
}

/** Its `goto` and `reload` last until the page takes clicks, as an agent's do, on the first visit in the second try. */
function seenAlive(page: Page, faults: readonly string[]): Page {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(request.url()));
  page.on("requestfinished", (request) => asked.delete(request.url()));
  page.on("requestfailed", (request) => asked.delete(request.url()));
  // Pages that are not of the app have no zone.
  const alive = page.locator(`html[data-alive][data-zone="${ZONE}"], html:not([data-zone])`);
  const comesAlive = async <Answer>(answer: Answer): Promise<Answer> => {
    await alive.waitFor({ state: "attached" }).catch(async (cause: unknown) => {
      const html = await page.evaluate("JSON.stringify(document.documentElement.dataset)");
      const state = { html, url: page.url(), waitsFor: [...asked], faults };
      throw new Error(`the page did not come alive: ${JSON.stringify(state)}`, { cause });
    });
    return answer;
  };
  page.goto = async (...args) => comesAlive(await goto(...args));
  page.reload = async (...args) => comesAlive(await reload(...args));
  return page;
}
