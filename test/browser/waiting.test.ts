import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violations } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { hasAllCode, isLive, replyField, threadOf } from "./support/page.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

const WAITING = "/?state=waiting";
const rows = (page: Page) => page.locator(".row[data-id]");
const ids = (page: Page) =>
  rows(page).evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset["id"]));
const row = (page: Page, id: string) => page.locator(`.row[data-id="${id}"]`);
const heldBack = (page: Page) => page.locator(".list-note button");
const answer = (id: string, text = "Pois não") => app.post(newMessage(id, text, { direction: "SENT" }));
const writes = (id: string, text = "Alô?") => app.post(newMessage(id, text));
const arrives = async (text = "Cheguei"): Promise<string> => {
  const id = randomUUID();
  await app.post(newConversation(id), newMessage(id, text));
  return id;
};
const awayFromTheList = (page: Page) => page.mouse.move(1_000, 450);

/** Nobody waits when a test begins. */
beforeEach(async () => {
  const waiting = await fetch(`${app.system.apiUrl}/conversations/?waiting=true&limit=1000`);
  for (const { id, state } of (await waiting.json()) as { id: string; state: string }[]) {
    if (state === "OPEN") await answer(id);
  }
});

test("who waits longest is first, leaves when answered, and comes at its place when it writes", async () => {
  const [a, b] = [await app.conversation("Sou a primeira"), await app.conversation("Sou a segunda")];
  const answered = await app.conversation("Oi", "> Oi!");
  const { page, faults } = await app.agents.agent();
  await page.goto(WAITING);
  await isLive(page);
  await awayFromTheList(page);
  const order = await ids(page);
  expect(order.filter((id) => id === a || id === b)).toEqual(order);
  expect(order).toHaveLength(2);
  const [first, second] = order as [string, string];
  await row(page, first).getByText("há 1 min").waitFor();
  await expect.poll(() => page.title()).toMatch(/^\(2\) /);
  await page.getByRole("navigation", { name: "Filtrar conversas" }).getByText("2", { exact: true }).waitFor();
  await writes(answered);
  await expect.poll(() => ids(page)).toEqual([first, second, answered]);
  await answer(first);
  await expect.poll(() => ids(page)).toEqual([second, answered]);
  await expect.poll(() => page.title()).toMatch(/^\(2\) /);
  await answer(second);
  await answer(answered);
  await page.getByText("Ninguém está esperando").waitFor();
  await expect.poll(() => page.title()).not.toMatch(/^\(/);
  expect(await violations(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test("what colleagues write is not unread and counts nowhere; what the customer writes is, until it was shown", async () => {
  const id = await app.conversation("Oi", "> Olá");
  const { page, tab } = await app.agents.agent();
  await page.goto("/");
  const other = await tab("/search");
  await isLive(page);
  await awayFromTheList(page);
  await answer(id, "Mais uma coisa");
  await row(page, id).getByText("Mais uma coisa").waitFor();
  await page.locator(".row.unread").waitFor({ state: "detached" });
  expect(await page.title()).not.toMatch(/^\(/);
  await writes(id, "Obrigada");
  await row(page, id).getByText("não lida").waitFor({ state: "attached" });
  for (const each of [page, other]) await expect.poll(() => each.title()).toMatch(/^\(1\) /);
  await row(page, id).click();
  await threadOf(page).getByText("Obrigada").waitFor();
  await awayFromTheList(page);
  // Read, and still waiting: the title counts who waits for an answer.
  await row(page, id).getByText("não lida").waitFor({ state: "detached" });
  expect(await page.title()).toMatch(/^\(1\) /);
  await replyField(page).fill("De nada");
  await replyField(page).press("Enter");
  for (const each of [page, other]) await expect.poll(() => each.title()).not.toMatch(/^\(/);
  await other.close();
});

test("a customer who writes after the close waits, under a plain tag, until that is answered for", async () => {
  const id = await app.conversation("Oi", "> Resolvido");
  await app.post(closeConversation(id));
  const { page } = await app.agents.agent();
  await page.goto(WAITING);
  await isLive(page);
  await awayFromTheList(page);
  await fetch(`${app.system.ingestUrl}/webhook/`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Prefer: "wait=20" },
    body: JSON.stringify(newMessage(id, "Voltei")),
  });
  await row(page, id).getByText("Escreveu depois do fechamento").waitFor();
  await expect.poll(() => page.title()).toMatch(/^\(1\) /);
  expect(await violations(page)).toEqual([]);
});

test("under the pointer nothing moves and nothing leaves; what is held back is said, and one click away", async () => {
  const [first, second] = [await app.conversation("Um"), await app.conversation("Dois")];
  const { page } = await app.agents.agent();
  await page.goto("/");
  await isLive(page);
  const before = await ids(page);
  const [top] = before;
  const target = top === first ? second : first;
  await row(page, target).hover();
  const { x, y } = (await row(page, target).boundingBox())!;
  const under = () =>
    page.evaluate(
      ([left, top]) => document.elementFromPoint(left!, top!)?.closest<HTMLElement>(".row")?.dataset["id"],
      [x + 60, y + 20],
    );
  const [new1, new2] = [await arrives(), await arrives()];
  await page.getByRole("button", { name: "2 novas conversas" }).waitFor();
  expect(await under()).toBe(target);
  await app.post(closeConversation(target));
  await page.locator(`.row.gone[data-id="${target}"]`).waitFor();
  expect(await under()).toBe(target);
  expect(await ids(page)).toEqual(before);
  expect(await violations(page)).toEqual([]);
  // On its way to the line and back the pointer lets go of nothing.
  const line = (await heldBack(page).boundingBox())!;
  await page.mouse.move(line.x + 20, line.y + line.height / 2, { steps: 20 });
  expect(await ids(page)).toEqual(before);
  await page.mouse.move(x + 60, y + 20, { steps: 20 });
  expect(await under()).toBe(target);
  await page.mouse.move(line.x + 20, line.y + line.height / 2, { steps: 20 });
  await page.mouse.click(line.x + 20, line.y + line.height / 2);
  await expect.poll(() => ids(page)).not.toContain(target);
  expect((await ids(page)).slice(0, 2).toSorted()).toEqual([new1, new2].toSorted());
  await heldBack(page).waitFor({ state: "detached" });
});

test("under a finger it is the same: a tap opens the row that was there when it went down", async () => {
  const id = await app.conversation("Sob o dedo");
  const { page, context } = await app.agents.agent({ size: "phone" });
  await page.goto("/");
  await row(page, id).waitFor();
  const { x, y } = (await row(page, id).boundingBox())!;
  const touch = await context.newCDPSession(page);
  const at = [{ x: x + 120, y: y + 30 }];
  await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at });
  await arrives("Chego entre o toque e o clique");
  await page.getByRole("button", { name: "1 nova conversa" }).waitFor();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.waitForURL(`**/conversations/${id}`);
});

test("U goes to who waits longest, whatever list is shown, from any page, and on from there once it is answered", async () => {
  const waiting = [];
  for (const text of ["um", "dois", "três"]) waiting.push(await app.conversation(text, "> já", `${text}?`));
  const since = async (): Promise<string[]> => {
    const answer = await fetch(`${app.system.apiUrl}/conversations/?waiting=true&state=OPEN&order=oldest`);
    return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
  };
  const [first, second, third] = await since();
  const { page } = await app.agents.agent();
  const opened = (id: string | undefined) =>
    page.waitForURL((url) => url.pathname === `/conversations/${id}`);
  // The list of those closed has none of them.
  await page.goto("/?state=closed");
  await isLive(page);
  await page.keyboard.press("u");
  await opened(first);
  for (const [id, next] of [
    [first, second],
    [second, third],
  ]) {
    await threadOf(page).getByText("já").waitFor();
    await replyField(page).fill(`resposta a ${id}`);
    await replyField(page).press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("u");
    await opened(next);
  }
  await page.goto("/rejections");
  await page.waitForFunction(() => document.title.startsWith("("));
  await page.keyboard.press("u");
  await opened(third);
  await answer(third!);
  await expect.poll(since).toEqual([]);
  expect(waiting.toSorted()).toEqual([first, second, third].toSorted());
});

test("an answer that is still on its way counts for U after a reload, too", async () => {
  const [first, second] = [await app.conversation("um", "dois"), await app.conversation("três")];
  const { page, context } = await app.agents.agent();
  await context.route("**/data/events", () => undefined);
  await page.goto(`/conversations/${first}`);
  await isLive(page);
  const sending = page.waitForRequest("**/data/events");
  await replyField(page).fill("resposta");
  await replyField(page).press("Enter");
  await sending;
  await page.goto("/rejections");
  await page.waitForFunction(() => document.title.startsWith("("));
  await page.keyboard.press("u");
  await page.waitForURL((url) => url.pathname === `/conversations/${second}`);
});

/** A tab that nobody looks at, with what it rings and shows. */
const UNLOOKED = `
  document.hasFocus = () => false;
  window.calls = { chimes: 0, notices: [] };
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () { window.calls.chimes += 1; return resume.call(this); };
  window.Notification = class {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title, { body }) { window.calls.notices.push(body); window.lastNotice = this; }
    close() {}
  };
`;
const callsOf = (page: Page) => page.evaluate<{ chimes: number; notices: string[] }>("window.calls");

test("sound and notices are offered once, where nobody looked; then one of the tabs calls, and opens that message", async () => {
  const id = await app.conversation("Oi", "> Olá");
  const { page, tab, context } = await app.agents.agent({
    before: (context) => context.addInitScript(UNLOOKED),
  });
  await page.goto("/");
  const other = await tab("/search");
  await isLive(page);
  await writes(id, "Ainda está aí?");
  const offer = page.getByRole("region", { name: "Quer ser avisado quando um cliente escrever?" });
  await offer.waitFor();
  expect([await callsOf(page), await callsOf(other)]).toEqual([
    { chimes: 0, notices: [] },
    { chimes: 0, notices: [] },
  ]);
  expect(await violations(page)).toEqual([]);
  await offer.getByRole("button", { name: "Som e notificação" }).click();
  await offer.waitFor({ state: "detached" });
  const before = (await callsOf(page)).chimes;
  await writes(id, "Pode me ouvir?");
  const all = async () => [await callsOf(page), await callsOf(other)].flatMap(({ notices }) => notices);
  await expect.poll(all).toEqual(["Pode me ouvir?"]);
  await row(page, id).getByText("Pode me ouvir?").waitFor();
  expect(await all()).toEqual(["Pode me ouvir?"]);
  expect((await callsOf(page)).chimes - before + (await callsOf(other)).chimes).toBe(1);
  expect(await offer.count()).toBe(0);
  const called = (await callsOf(page)).notices.length > 0 ? page : other;
  await called.evaluate("window.lastNotice.onclick()");
  await called.waitForURL(`**/conversations/${id}?message=*`);
  await threadOf(called).getByText("Pode me ouvir?").waitFor();
  await context.close();
});

test("offline, the list of who waits is still there, and the others once they are loaded again", async () => {
  const id = await app.conversation("Antes de a rede cair");
  const { page, context, faults } = await app.agents.agent({
    expected: /ERR_INTERNET_DISCONNECTED|ERR_FAILED/,
  });
  const known = page.waitForResponse(/\/data\/conversations\?.*state=waiting/);
  await page.goto("/");
  await (await known).finished();
  await expect.poll(() => page.title()).toMatch(/^\(\d/);
  const tabs = page.getByRole("navigation", { name: "Filtrar conversas" });
  await context.setOffline(true);
  await tabs.getByRole("link", { name: /^Aguardando/ }).click();
  await page.waitForURL("**/?state=waiting");
  await row(page, id).getByText("há 1 min").waitFor();
  await tabs.getByRole("link", { name: "Fechadas" }).click();
  await page.getByText("Não deu para carregar a lista").waitFor();
  await context.setOffline(false);
  await page.getByText("Não deu para carregar a lista").waitFor({ state: "detached" });
  expect(faults).toEqual([]);
});

test("an idle tab asks for nothing but its stream", async () => {
  await app.conversation("Quieta");
  const { page } = await app.agents.agent();
  const asked: string[] = [];
  await page.goto("/");
  await isLive(page);
  await expect.poll(() => page.title()).toMatch(/^\(\d/);
  await hasAllCode(page);
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  // New rows are no reason to ask, either.
  await arrives();
  await page.waitForTimeout(10_000);
  expect(asked.filter((path) => path !== "/live")).toEqual([]);
}, 40_000);

test("the keyboard's focus holds the order like the pointer", async () => {
  const id = await app.conversation("Em foco");
  const { page } = await app.agents.agent();
  await page.goto("/");
  await isLive(page);
  await awayFromTheList(page);
  await page.locator(".seg a").last().focus();
  await page.keyboard.press("Tab");
  const before = await ids(page);
  await expect
    .poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset["id"]))
    .toBe(before[0]);
  const arrived = await arrives();
  await page.getByRole("button", { name: "1 nova conversa" }).waitFor();
  expect(await ids(page)).toEqual(before);
  expect(before).toContain(id);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await expect.poll(() => ids(page).then(([first]) => first)).toBe(arrived);
});
