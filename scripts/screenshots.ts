import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BrowserContext } from "playwright-core";
import sharp from "sharp";
import { startApp, type App } from "../test/browser/support/app.ts";
import { seedStore } from "../test/support/seed-store.ts";
import { buildWebIfStale } from "./lib/build-web.ts";
import { ROOT } from "./lib/services.ts";
import { findRedis } from "./redis/find.ts";
import { dataOf, type Data } from "./screenshots/data.ts";
import { moving } from "./screenshots/moving.ts";
import type { Language, Shot, Size, Theme } from "./screenshots/shots.ts";
import { opened } from "./screenshots/opened.ts";
import { rare } from "./screenshots/rare.ts";
import { signing } from "./screenshots/signing.ts";
import { empty, still } from "./screenshots/still.ts";
import { bringChromium, bringFonts } from "./test/browser.ts";

/*
 * Pictures of every page and state, from a system that it starts and fills itself, into docs/screens/:
 * NAME.SIZE.THEME.LANGUAGE.png. Most are ignored by git; the README shows a few.
 *
 *   npm run screenshots [-- --only NAME[,NAME…]] [--themes light] [--sizes tablet] [--languages pt-BR]
 */

const DIRECTORY = join(ROOT, "docs/screens");
const THEMES: readonly Theme[] = ["light", "dark"];
const SIZES: readonly Size[] = ["wide", "laptop", "tablet", "phone", "landscape"];
/** Without `--sizes`: the others have no layout of their own. */
const USUAL_SIZES: readonly Size[] = ["wide", "laptop", "phone"];
const LANGUAGES: readonly Language[] = ["pt-BR", "en-US"];
const text = { type: "string" } as const;
const { values: flags } = parseArgs({ options: { only: text, themes: text, sizes: text, languages: text } });
const chosen = <Value extends string>(all: readonly Value[], flag: string | undefined): Value[] =>
  all.filter((one) => flag === undefined || flag.split(",").includes(one));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

mkdirSync(DIRECTORY, { recursive: true });
const redis = await findRedis({ dataDir: join(ROOT, ".data/test"), containers: false, say });
process.env["FIO_REDIS_SERVER"] = redis.path;
await buildWebIfStale(say);
process.env["FIO_CHROMIUM"] = (await bringChromium(say)) ?? "";
await bringFonts(say);

let taken = 0;
const failed: string[] = [];

/** All pictures of some shots, one after another: they share the system, and some break parts of it. */
async function shoot(shots: readonly Shot[], app: App, data: Data): Promise<void> {
  const wanted = shots.filter(({ name }) => flags.only === undefined || flags.only.split(",").includes(name));
  for (const theme of chosen(THEMES, flags.themes)) {
    for (const size of flags.sizes === undefined ? USUAL_SIZES : chosen(SIZES, flags.sizes)) {
      for (const language of chosen(LANGUAGES, flags.languages)) {
        const due = wanted.filter(({ sizes = SIZES }) => sizes.includes(size));
        for (const shot of due) await shootOne(shot, { app, data, theme, size, language });
      }
    }
  }
}

async function shootOne(
  shot: Shot,
  {
    app,
    data,
    theme,
    size,
    language,
  }: { app: App; data: Data; theme: Theme; size: Size; language: Language },
): Promise<void> {
  const file = `${shot.name}.${size}.${theme}.${language === "pt-BR" ? "pt" : "en"}.png`;
  const before = async (context: BrowserContext): Promise<void> => {
    await context.addInitScript(remembered(data));
    await shot.options?.before?.(context);
  };
  const agent = await app.agents.agent({ theme, size, language, before });
  agent.context.setDefaultTimeout(15_000);
  const { page } = agent;
  const scene = {
    app,
    data,
    agent,
    page,
    size,
    say: (portuguese: string, english: string) => (language === "pt-BR" ? portuguese : english),
  };
  try {
    await shot.make(scene);
    const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
    // An interface has few colours: with a palette a picture is a third as large.
    await sharp(picture).png({ palette: true, effort: 10, dither: 0 }).toFile(join(DIRECTORY, file));
    taken += 1;
  } catch (error) {
    failed.push(`${file}: ${(error as Error).message.split("\n")[0] ?? ""}`);
    await page.screenshot({ path: join(DIRECTORY, `failed.${file}`) }).catch(() => {});
  }
  await shot.after?.(scene).catch((error: unknown) => failed.push(`after ${file}: ${String(error)}`));
  await agent.context.close();
}

/** What the browser of an agent remembers: what was read, and a draft. */
function remembered({ events, unread, draft }: Data): string {
  const seen = new Map<string, string>();
  for (const { event, receipt } of events) {
    if (event.type !== "NEW_MESSAGE" || event.data.direction !== "RECEIVED") continue;
    if (!unread.includes(event.data.conversation_id)) seen.set(event.data.conversation_id, receipt);
  }
  return `
    localStorage.setItem("fio.seen.receipts", ${JSON.stringify(JSON.stringify([...seen]))});
    localStorage.setItem(${JSON.stringify(`fio.draft.${draft}`)}, "Bom dia! Sobre a troca de tamanho,");
  `;
}

/** Groups of pictures: changes made in a later group appear in no picture of an earlier one. */
async function withSystem(
  shots: ReadonlyArray<readonly Shot[]>,
  data: Data | null,
  env: Record<string, string> = {},
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fio-screens-"));
  const databaseUrl = `sqlite:${join(directory, "fio.db")}`;
  if (data !== null) await seedStore(databaseUrl, data.events, data.faults);
  const app = await startApp({ databaseUrl, env, roles: ["api", "worker"] });
  try {
    for (const some of shots) await shoot(some, app, data ?? { ...dataOf(Date.now()), unread: [] });
  } finally {
    await app.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

await withSystem([empty], null);
await withSystem([still, moving, opened, rare], dataOf(Date.now()));
await withSystem([signing], dataOf(Date.now()), { SIGN_IN: "required" });
say(`${taken} pictures in docs/screens/`);
for (const line of failed) say(`FAILED ${line}`);
process.exit(failed.length === 0 ? 0 : 1);
