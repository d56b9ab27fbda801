import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { startApp, type App } from "./support/app.ts";
import { isLive, replyField } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const erase = (...ids: string[]) =>
  run(process.execPath, [join(ROOT, "services/conversations/src/customer.ts"), "erase", ...ids], {
    env: { PATH: process.env["PATH"], ...app.system.env },
    limitMs: 60_000,
  });

test("an erased conversation leaves open tabs at once, and what a browser kept of it at its next visit", async () => {
  const [open, drafted] = [await app.conversation("Zebrina"), await app.conversation("Zebralda")];
  const [here, away] = [await app.agents.agent(), await app.agents.agent()];
  await away.page.goto(`/conversations/${drafted}`);
  await isLive(away.page);
  await replyField(away.page).fill("Prezada Zebralda");
  const kept = () => away.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  await expect.poll(kept).toContain("Prezada Zebralda");
  // Somewhere else on the same origin, where nothing of the app runs.
  await away.page.goto("/healthz");

  await here.page.goto(`/conversations/${open}`);
  await isLive(here.page);
  await here.page.getByText("Zebrina").first().waitFor();
  expect(await erase(open, drafted)).toMatchObject({ code: 0 });
  await here.page.getByRole("heading", { name: "Esta conversa foi apagada para sempre" }).waitFor();
  await expect.poll(() => here.page.getByText("Zebrina").count()).toBe(0);
  await expect.poll(() => here.page.getByText("Zebralda").count()).toBe(0);
  expect(await violationsInBothThemes(here.page)).toEqual([]);

  await away.page.goto("/");
  await expect.poll(kept).not.toContain("Prezada Zebralda");
  await away.page.goto(`/conversations/${drafted}`);
  await away.page.getByRole("heading", { name: "Esta conversa foi apagada para sempre" }).waitFor();
  // The other was where nothing is, which a browser tells.
  expect(here.faults).toEqual([]);
});
