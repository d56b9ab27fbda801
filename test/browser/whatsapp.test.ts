import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { carryOut, readCommand } from "../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { startTestWhatsapp, type TestWhatsapp } from "../../services/whatsapp/src/testing/start.ts";
import {
  startGraphApi,
  type Arrived,
  type Behaviour,
  type GraphApi,
} from "../support/graph-api/graph-api.ts";
import { freePort } from "../support/redis-server.ts";
import { until } from "../support/until.ts";
import { startApp, type App } from "./support/app.ts";
import { isLive, replyField, threadOf } from "./support/page.ts";

/* The whole way, with all parts but Meta's: a customer's phone, the agent's screen, the phone again. */

const TOKEN = "a token of Meta's";
const APP_SECRET = "what Meta's webhooks are signed with";
const DELIVERY_SECRET = "what deliveries are signed with";
const PASSWORD = "uma frase fácil de lembrar";

let api: GraphApi;
let app: App;
let whatsapp: TestWhatsapp;
let page: Page;
let faults: string[];

beforeAll(async () => {
  const port = await freePort();
  app = await startApp({
    env: {
      SIGN_IN: "required",
      DELIVERY_URL: `http://127.0.0.1:${port}/deliveries`,
      DELIVERY_SECRETS: DELIVERY_SECRET,
    },
  });
  api = await startGraphApi({
    token: TOKEN,
    hook: () => ({ url: `${whatsapp.url}/whatsapp/meta`, appSecret: APP_SECRET }),
  });
  const { system } = app;
  whatsapp = await startTestWhatsapp({
    redisUrl: system.redis.url,
    env: {
      WHATSAPP_PORT: String(port),
      WHATSAPP_APP_SECRETS: APP_SECRET,
      WHATSAPP_TOKEN: TOKEN,
      WHATSAPP_NUMBERS: "106540352242922",
      GRAPH_URL: api.url,
      DELIVERY_SECRETS: DELIVERY_SECRET,
      INGEST_URL: system.ingestUrl,
      API_URL: system.apiUrl,
      WEB_SECRETS: system.env["WEB_SECRETS"] ?? "",
    },
    patience: { askMs: 1_000, giveUpMs: 60_000 },
  });
  ({ page, faults } = await signedIn());
});
afterAll(async () => {
  await whatsapp.stop();
  await api.close();
  await app.end();
});
beforeEach(() => {
  api.phone.length = 0;
});

/** An agent, as an operator makes one. */
async function signedIn(): Promise<{ page: Page; faults: string[] }> {
  const store = openStore(app.system.databaseUrl);
  const command = readCommand(["add", "marina@fio.example", "Marina Alves"]);
  const printed = await carryOut(command, { store, webUrl: app.system.webUrl, now: Date.now() });
  await store.close();
  const agent = await app.agents.agent();
  await agent.page.goto(/http\S+$/.exec(printed.join("\n"))?.[0] ?? "");
  await agent.page.getByLabel("Nova senha").fill(PASSWORD);
  await agent.page.getByRole("button", { name: "Salvar e entrar" }).click();
  await isLive(agent.page);
  return agent;
}
const answer = async (text: string): Promise<void> => {
  await replyField(page).fill(text);
  await replyField(page).press("Enter");
};
const arrived = (count: number): Promise<Arrived> =>
  until(() => api.phone[count - 1], { what: `${count} messages reach the phone` });
const bubble = (text: string) => threadOf(page).locator(".msg.out").filter({ hasText: text });

test("a customer writes on WhatsApp, an agent answers, and sees that it was delivered and read", async () => {
  await api.write({ from: "5511912345678", name: "Ana Souza", text: "Vocês entregam hoje?" });
  await page.getByRole("link", { name: /Ana Souza.*Vocês entregam hoje/ }).click();
  await threadOf(page).getByText("Vocês entregam hoje?").waitFor();
  await answer("Entregamos até as 18h.");
  const message = await arrived(1);
  expect(message).toMatchObject({ to: "5511912345678", text: "Entregamos até as 18h." });
  await api.tell(message, ["sent", "delivered"]);
  await bubble("Entregamos").getByText("Entregue", { exact: true }).waitFor({ state: "attached" });
  await api.tell(message, ["read", "delivered", "sent"]);
  await bubble("Entregamos").getByText("Lida", { exact: true }).waitFor({ state: "attached" });
  await api.write({ from: "5511912345678", name: "Ana Souza", text: "Obrigada!" });
  await threadOf(page).getByText("Obrigada!").waitFor();
  expect(api.phone).toHaveLength(1);
});

/** What Meta does, what the agent reads, and how often the message is on the phone. */
const TROUBLES: Array<[string, Behaviour, string, number]> = [
  ["a", { kind: "refuse", code: 131047 }, "Não chegou ao celular.", 0],
  ["b", { kind: "cut", accepted: true }, "Não se sabe se chegou ao celular.", 1],
  ["c", { kind: "cut", accepted: false }, "Não se sabe se chegou ao celular.", 0],
  ["d", { kind: "gateway", status: 502, accepted: true }, "Não se sabe se chegou ao celular.", 1],
  ["e", { kind: "garble" }, "Não se sabe se chegou ao celular.", 1],
];

test("whatever the Graph API does, a message is on the phone once at most, and the agent reads what is known", async () => {
  api.next(...TROUBLES.map(([, behaviour]) => behaviour));
  for (const [name] of TROUBLES) await answer(`Tentativa ${name}`);
  await answer("Por último");
  for (const [name, , said] of TROUBLES) await bubble(`Tentativa ${name}`).getByText(said).waitFor();
  const wanted = [
    ...TROUBLES.filter(([, , , times]) => times === 1).map(([name]) => `Tentativa ${name}`),
    "Por último",
  ];
  await until(() => api.phone.some(({ text }) => text === "Por último"), { what: "the last one arrives" });
  expect(api.phone.map(({ text }) => text)).toEqual(wanted);
  // A status that comes late after all is believed.
  const late = api.phone.find(({ text }) => text === "Tentativa b");
  await api.tell(late!, ["sent", "delivered"]);
  await bubble("Tentativa b").getByText("Entregue", { exact: true }).waitFor({ state: "attached" });
  expect(faults).toEqual([]);
});
