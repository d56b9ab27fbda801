import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SEARCHED_HEADER } from "@fio/contracts/search";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { violations } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";

/*
 * The web app before an API whose searches take too long: two pages of `nada …` look back to March and to January and
 * hold nothing, the first page of `demora` looks back to March and holds all hits. All else is the real API's answer.
 */

const MARCH = "2026-03-12T15:00:00.000000";
const JANUARY = "2026-01-30T15:00:00.000000";
const FURTHER = { "pt-BR": "Continuar a busca", "en-US": "Keep searching" };

let app: App;
let upstream: Server;
let web: ServiceProcess;

beforeAll(async () => {
  app = await startApp();
  await app.conversation("a entrega demora", "quanto demora?");
  upstream = createServer((incoming, answer) => void slowSearch(incoming, answer));
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  web = await serviceProcess({
    service: "web",
    name: "web-before-upstream",
    dataDir: app.system.dataDir,
    env: {
      ...app.system.env,
      INGEST_URL: app.system.ingestUrl,
      API_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
    },
  });
  await web.start();
});
afterAll(async () => {
  await web.stop();
  upstream.closeAllConnections();
  upstream.close();
  await app.end();
});

async function slowSearch(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", app.system.apiUrl);
  const [q, cursor] = [url.searchParams.get("q") ?? "", url.searchParams.get("cursor")];
  const goOn = (searched: string, next: string, body: string): void => {
    const query = new URLSearchParams(url.searchParams);
    query.set("cursor", next);
    const link = `</search?${query.toString()}>; rel="next"`;
    answer.writeHead(200, { "Content-Type": "application/json", [SEARCHED_HEADER]: searched, Link: link });
    answer.end(body);
  };
  const isNothing = q.startsWith("nada");
  if (isNothing && cursor === null) goOn(MARCH, "march", "[]");
  else if (isNothing && cursor === "march") goOn(JANUARY, "january", "[]");
  else {
    url.searchParams.delete("cursor");
    if (q === "demora" && cursor === null) goOn(MARCH, "march", await (await fetch(url)).text());
    else pass(url, incoming, answer);
  }
}

function pass(url: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const passed = forward(url, { method: incoming.method, headers: incoming.headers }, (real) => {
    answer.writeHead(real.statusCode ?? 502, real.headers);
    real.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  answer.on("close", () => passed.destroy());
  incoming.pipe(passed);
}

test.each(["wide", "phone"] as const)(
  "a search that takes long says how far back it looked and goes on, %s",
  async (size) => {
    const { context, page, faults } = await app.agents.agent({ size, base: web.url });
    await page.goto("/search?q=nada+disso");
    const results = page.getByRole("region", { name: "Resultados" });
    await results.getByRole("heading", { name: "Buscado até 12 de março de 2026" }).waitFor();
    await expect.poll(() => results.innerText()).toContain("por enquanto");
    expect(await violations(page)).toEqual([]);
    await results.getByRole("link", { name: FURTHER["pt-BR"] }).click();
    await results.getByRole("heading", { name: "Buscado até 30 de janeiro de 2026" }).waitFor();
    await results.getByRole("link", { name: FURTHER["pt-BR"] }).click();
    await results.getByRole("heading", { name: "Nada mais antigo para “nada disso”" }).waitFor();
    expect(await results.getByRole("link").count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  },
);

test.each(["wide", "phone"] as const)("what was found meanwhile is shown, %s", async (size) => {
  const { context, page, faults } = await app.agents.agent({ size, language: "en-US", base: web.url });
  await page.goto("/search?q=demora");
  const results = page.getByRole("region", { name: "Results" });
  await results.getByRole("heading", { name: "Searched back to March 12, 2026" }).waitFor();
  await expect.poll(() => results.getByText("quanto demora?").count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  await results.getByRole("link", { name: FURTHER["en-US"] }).click();
  await results.getByText("Searched back to").waitFor({ state: "detached" });
  await expect.poll(() => results.getByText("quanto demora?").count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test("without scripts the way on is a link", async () => {
  const { context, page } = await app.agents.agent({ scripts: false, base: web.url });
  await page.goto("/search?q=nada+disso");
  await page.getByRole("heading", { name: /^Buscado até 12 de março de 2026/ }).waitFor();
  await page.getByRole("link", { name: FURTHER["pt-BR"] }).click();
  await page.getByRole("heading", { name: /^Buscado até 30 de janeiro de 2026/ }).waitFor();
  await context.close();
});

test("a first page without hits never says that there are none before all is searched", async () => {
  const answer = await fetch(`${web.url}/search?q=nada+disso`, { headers: { "Accept-Language": "en" } });
  const html = await answer.text();
  expect(html).toContain("Searched back to March 12, 2026");
  expect(html).not.toContain("Try fewer words");
});
