import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf, type AcceptedEvent, type Receipt } from "@fio/contracts";
import type { Page } from "playwright-core";
import { openBrowser, type Agents } from "./support/agents.ts";
import { closeConversation, newConversation, newMessage } from "./support/app.ts";
import { isLive, threadOf } from "./support/page.ts";
import { hubSignature } from "../support/sign.ts";
import { becameMore, MARKUP } from "./support/markup.ts";
import { post } from "../attack/attacks/signatures.ts";
import { ask, form, written } from "../attack/support/raw.ts";
import { PASSWORD, SECRETS, startTarget, type Target } from "../attack/support/target.ts";

/* Markup in every text that somebody else writes, in the browser of an agent who reads it. */

const AGENT = "<img src=x-pwned onerror=window.pwned=30>";
const failedId = randomUUID();
let target: Target;
let agents: Agents;
let cookie: string;

beforeAll(async () => {
  target = await startTarget({
    faults: MARKUP.map((detail, index) => ({ accepted: failed(index), detail })),
  });
  agents = await openBrowser(target.system.webUrl);
  cookie = await target.signedIn("ana@fio.example", AGENT);
}, 120_000);
afterAll(async () => {
  await agents.end();
  await target.remove();
});

/** A message that failed by a fault of ours: its reason is an error's text, which may quote anything. */
function failed(index: number): AcceptedEvent {
  return {
    receipt: String(1_740_133_242_349_308 + index) as Receipt,
    event: {
      type: "NEW_MESSAGE",
      timestamp: timestampOf(Date.now() - 60_000),
      data: {
        id: randomUUID(),
        direction: "RECEIVED",
        content: MARKUP[index] ?? "",
        conversation_id: failedId,
      },
    },
  };
}

async function send(...events: object[]): Promise<void> {
  const body = JSON.stringify(events);
  const headers = { ...hubSignature(body, SECRETS.WEBHOOK_SECRETS), prefer: "wait=20" };
  const answer = await ask(target.system.ingestUrl, post(body, headers));
  if (answer.status !== "200") throw new Error(`${answer.status} ${answer.body}`);
}

const begin = (id: string, name: string): object => ({
  ...newConversation(id),
  data: { id, contact: { channel: name, id: name, name, phone: name } },
});

test("markup stays text on every page, whoever wrote it, and no script of it runs", async () => {
  const [open, closed] = [randomUUID(), randomUUID()];
  const [marked = ""] = MARKUP.filter((text) => text.includes("onerror"));
  await send(begin(open, marked), ...MARKUP.map((text) => newMessage(open, text)));
  await send(begin(closed, marked), newMessage(closed, marked), closeConversation(closed));
  await send(...MARKUP.map((text) => newMessage(closed, text)));
  // A browser that calls itself by markup, which the list of sessions shows.
  const signIn = form({ email: "ana@fio.example", password: PASSWORD });
  await ask(
    target.system.webUrl,
    written("POST", "/sign-in", { ...signIn, headers: { ...signIn.headers, "user-agent": marked } }),
  );

  const { page, context, faults } = await agents.agent({ expected: /status of 40[014]/ });
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, url: target.system.webUrl }]);
  const asText = async (where: Page = page): Promise<void> => {
    expect(await becameMore(where)).toEqual([]);
    expect(new URL(where.url()).origin).toBe(target.system.webUrl);
  };
  const query = encodeURIComponent(MARKUP.join(" ").slice(0, 180));
  const visit = async (path: string): Promise<void> => {
    await page.goto(path);
    await asText();
  };

  await visit(`/conversations/${open}`);
  await isLive(page);
  await threadOf(page).getByText(marked, { exact: true }).first().waitFor();
  // It comes live too, is announced, and stands in the title and the list.
  await send(newMessage(open, `${marked} ao vivo`));
  await threadOf(page).getByText(`${marked} ao vivo`, { exact: true }).waitFor();
  await asText();
  // The agent's own, with the name of who wrote it.
  const field = page.locator("#reply");
  await field.fill(marked);
  await field.press("Enter");
  await page.locator(".msg.out").getByText(AGENT, { exact: true }).waitFor();
  await asText();
  for (const path of [
    "/",
    `/conversations/${closed}`,
    "/rejections?show=all",
    `/rejections?show=all&conversation=${failedId}`,
    "/account",
    `/search?q=${encodeURIComponent("onerror")}`,
    `/search?q=${query}`,
    `/?state=${query}&page=${query}`,
    `/conversations/${query}?message=${query}&q=${query}`,
    `/${query}`,
  ]) {
    await visit(path);
  }
  await page.goto("/rejections?show=all");
  await page.getByText(marked).first().waitFor();
  await asText();
  // Without an account: what an address says, and what was typed.
  const nobody = await agents.agent({ expected: /status of 40[014]/ });
  for (const path of [`/sign-in?back=/${query}`, `/welcome?key=${query}`]) {
    await nobody.page.goto(path);
    await asText(nobody.page);
  }
  expect([...faults, ...nobody.faults]).toEqual([]);
  // Were it markup, it would have been seen.
  await page.evaluate(
    (text) => document.body.insertAdjacentHTML("beforeend", text),
    MARKUP.slice(0, 9).join(""),
  );
  expect((await becameMore(page)).length).toBeGreaterThan(5);
}, 120_000);

test("without scripts markup is text too", async () => {
  const id = randomUUID();
  await send(begin(id, MARKUP[2] ?? ""), ...MARKUP.map((text) => newMessage(id, text)));
  for (const path of [`/conversations/${id}`, "/rejections?show=all", "/account", `/search?q=onerror`]) {
    const page = await ask(
      target.system.webUrl,
      written("GET", path, { headers: { cookie, accept: "text/html" } }),
    );
    expect(page.status).toBe("200");
    expect(page.body).not.toMatch(/<(img|iframe|object|embed|video|base|form action=\/\/)\b/);
    // Every script is one that the policy knows by its nonce.
    const nonce = /nonce-([\w+/=]+)'/.exec(page.head)?.[1];
    const scripts = page.body.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  }
});
