import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { composeCommand, hasImages } from "../scripts/lib/docker.ts";
import { run } from "../scripts/lib/run.ts";
import { ROOT } from "../scripts/lib/services.ts";
import { findChromium } from "../scripts/test/browser.ts";
import { until } from "../test/support/until.ts";
import { beside, say, sayMachine } from "./support/figures.ts";

/*
 * From `git clone` to a signed-in agent whose answer is sent, on compose behind TLS, by the commands of the README alone and
 * on the ports that it names (80, 443, 3000, 8000). Then how long `docker compose up` takes with images that are built, and how
 * much larger Fio's is than its base. Needs a Docker engine and a Chromium; removes all that it made.
 *
 *   node bench/first-answer.ts
 */

const NAME = "fio-first-answer";
const URL = "https://localhost";
const PROXY = "caddy:2-alpine";
const BASE = "node:24-bookworm-slim";
const PASSWORD = "uma frase fácil de lembrar";
/** For an engine that reaches no registry: the same program, of Debian's package. */
const STAND_IN = `FROM ${BASE}
USER root
RUN apt-get update && apt-get install -y --no-install-recommends caddy
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
`;

const directory = await mkdtemp(join(tmpdir(), "fio-first-answer-"));
const clone = join(directory, "fio");
const env = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  FIO_IMAGE: NAME,
  COMPOSE_PROJECT_NAME: NAME,
  PUBLIC_URL: URL,
  TRUSTED_PROXIES: "uniquelocal",
  INGEST_PUBLISH: "127.0.0.1:8000",
};
const [command, ...prefix] = await composeCommand();

async function must(program: string, args: string[], cwd = directory): Promise<string> {
  const { code, output } = await run(program, args, { cwd, env, limitMs: 900_000 });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}:\n${output.slice(-4_000)}`);
  return output;
}
const compose = (...args: string[]): Promise<string> =>
  must(command, [...prefix, "--profile", "tls", ...args], clone);

async function bringProxy(): Promise<void> {
  if (await hasImages([PROXY])) return;
  say(`${PROXY} cannot be had: built of Debian's caddy instead`);
  await writeFile(join(directory, "Dockerfile"), STAND_IN);
  await must("docker", ["build", "--tag", PROXY, directory]);
}

const isReady = (): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(`${URL}/readyz`, { rejectUnauthorized: false, timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });

async function up(...args: string[]): Promise<void> {
  await compose("up", "--detach", ...args);
  await until(isReady, { what: `${URL} is ready`, limitMs: 300_000, everyMs: 250 });
}

/** Opens the link, sets a password, and sends the first message of a conversation. */
async function answer(link: string): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("there is no Chromium: set FIO_CHROMIUM");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true, locale: "pt-BR" });
    await page.goto(link);
    await page.getByLabel("Nova senha").fill(PASSWORD);
    await page.getByRole("button", { name: "Salvar e entrar" }).click();
    await page
      .getByRole("region", { name: "Conversas" })
      .getByRole("link", { name: "Nova conversa" })
      .click();
    const field = page.getByRole("textbox", { name: "Escreva a primeira mensagem" });
    await field.fill("Bom dia! Posso ajudar?");
    await field.press("Enter");
    await page.getByRole("log").getByText("Na conversa").waitFor({ state: "attached" });
    await page.waitForURL(({ pathname }) => pathname !== "/conversations/new");
    await page.reload();
    await page.locator(".msg.out").getByText("Bom dia! Posso ajudar?").waitFor();
  } finally {
    await browser.close();
  }
}

async function bytesOf(image: string): Promise<number> {
  return Number((await must("docker", ["image", "inspect", "--format", "{{.Size}}", image])).trim());
}

sayMachine();
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
await bringProxy();
try {
  const begun = performance.now();
  await must("git", ["clone", "--quiet", ROOT, clone]);
  say(`${seconds(begun)}: cloned`);
  await up("--build");
  say(`${seconds(begun)}: built, and ready at ${URL}`);
  const printed = await compose("run", "--rm", "agent", "add", "ana@example.com", "Ana Lima", "--admin");
  const link = /https:\/\/\S+/.exec(printed)?.[0];
  if (link === undefined) throw new Error(`no link in: ${printed}`);
  say(`${seconds(begun)}: the account's link`);
  await answer(link);
  say(`${seconds(begun)}: an agent is signed in and has answered`);

  await compose("down", "--timeout", "20");
  const again = performance.now();
  await up();
  const ready = (performance.now() - again) / 1_000;
  const larger = ((await bytesOf(NAME)) - (await bytesOf(BASE))) / 1e6;
  const met = [
    beside("docker compose up with built images, until ready", ready, 30, "s"),
    beside("the image over its base", larger, 100, "MB"),
  ];
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await compose("down", "--volumes", "--remove-orphans", "--timeout", "5").catch((error: unknown) =>
    console.error(error),
  );
  await run("docker", ["image", "rm", "--force", NAME]);
  await rm(directory, { recursive: true, force: true });
}
