import { afterAll, beforeAll, expect, test } from "vitest";
import type { Contact, Conversation } from "@fio/contracts";
import { startSystem, type System } from "../../../../test/support/system.ts";
import { until } from "../../../../test/support/until.ts";
import { APP_SECRET, CHANNEL, echo, postWebhook, received, statusOf, webhook } from "../testing/meta.ts";
import { startTestWhatsapp, type TestWhatsapp } from "../testing/start.ts";

let system: System;
let whatsapp: TestWhatsapp;

beforeAll(async () => {
  system = await startSystem();
  whatsapp = await startTestWhatsapp({
    redisUrl: system.redis.url,
    env: {
      WHATSAPP_APP_SECRETS: APP_SECRET,
      INGEST_URL: system.ingestUrl,
      API_URL: system.apiUrl,
      WEB_SECRETS: system.env["WEB_SECRETS"] ?? "what the web app signs with",
    },
  });
});
afterAll(async () => {
  await whatsapp.stop();
  await system.remove();
});

const read = async <Answer>(path: string): Promise<Answer | null> => {
  const answer = await fetch(`${system.apiUrl}${path}`);
  return answer.ok ? ((await answer.json()) as Answer) : null;
};
const contact = (id: string) => read<Contact>(`/contacts/${CHANNEL}/${id}/`);
const conversation = (id: string) => read<Conversation>(`/conversations/${id}/`);

/** Each of a person's conversations with the texts in it, the one that was opened first before the others. */
async function threads(id: string): Promise<string[][]> {
  const rows = (await contact(id))?.conversations ?? [];
  const found = await Promise.all(rows.map((row) => conversation(row.id)));
  return found
    .filter((one) => one !== null)
    .sort((one, other) => (one.created_at < other.created_at ? -1 : 1))
    .map(({ messages }) => messages.map(({ content }) => content));
}
const threadsAre = (id: string, wanted: string[][]) =>
  until(async () => JSON.stringify(await threads(id)) === JSON.stringify(wanted), {
    what: `threads of ${id}: ${JSON.stringify(wanted)}`,
  }).catch(async () => expect(await threads(id)).toEqual(wanted));

const send = async (body: unknown): Promise<void> => {
  expect((await postWebhook(whatsapp.url, body)).status).toBe(200);
};
const close = async (id: string): Promise<void> => {
  const answer = await fetch(`${system.ingestUrl}/webhook/`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Prefer: "wait=10" },
    body: JSON.stringify({ type: "CLOSE_CONVERSATION", timestamp: "2026-01-01T00:00:00Z", data: { id } }),
  });
  expect(answer.status).toBe(200);
};
const customer = (phone: string) => ({ phone, name: "Bia Ramos" });

test("a customer's first message makes a conversation with their name and number", async () => {
  const from = customer("551191110001");
  await send(received("first", { from, text: "Oi, tudo bem?" }));
  await threadsAre("5511991110001", [["Oi, tudo bem?"]]);
  expect(await contact("5511991110001")).toMatchObject({ name: "Bia Ramos", phone: "+55 11 99111-0001" });
});

test("an album of ten webhooks at the same time makes one conversation, and twice the same makes no difference", async () => {
  const from = customer("5511991110002");
  const album = Array.from({ length: 10 }, (_, index) =>
    received(`album ${index}`, {
      from,
      at: 1_764_000_000 + index,
      more: { type: "image", image: { id: `9000${index}`, caption: `foto ${index}` } },
    }),
  );
  await Promise.all([...album, ...album.toReversed()].map(send));
  await threadsAre("5511991110002", [album.map((_, index) => `Foto\nfoto ${index}`)]);
});

test("a message to a closed conversation opens the next one, and one that comes again stays where it is", async () => {
  const from = customer("5511991110003");
  const first = received("early", { from, at: 1_764_000_000, text: "Bom dia" });
  await send(first);
  await threadsAre("5511991110003", [["Bom dia"]]);
  await close((await contact("5511991110003"))?.conversations[0]?.id ?? "");
  await send(first);
  await send(received("late", { from, at: 1_764_000_060, text: "Ainda aí?" }));
  await send(first);
  await threadsAre("5511991110003", [["Bom dia"], ["Ainda aí?"]]);
  expect(await read(`/rejections`)).toEqual([]);
});

test("what the phone's own app wrote is a message of the business, and its ticks follow in any order", async () => {
  const from = customer("5511991110004");
  await send(statusOf("by phone", "read", { to: from, at: 1_764_000_300 }));
  await send(echo("by phone", { to: from, text: "Já respondo" }));
  await threadsAre("5511991110004", [["Já respondo"]]);
  await send(statusOf("by phone", "delivered", { to: from, at: 1_764_000_290 }));
  const id = (await contact("5511991110004"))?.conversations[0]?.id ?? "";
  const message = await until(
    async () => {
      const [first] = (await conversation(id))?.messages ?? [];
      return first?.state?.status === "READ" && first;
    },
    { what: "the tick of what was read" },
  );
  expect(message).toMatchObject({ direction: "SENT", state: { status: "READ" } });
  expect(message.author).toBeUndefined();
});

test("a number that changed is the same person from then on", async () => {
  await send(received("before", { from: customer("5511991110005"), text: "Vou trocar de número" }));
  await threadsAre("5511991110005", [["Vou trocar de número"]]);
  await send(
    webhook({
      messages: [
        {
          from: "5511991110005",
          id: "wamid.change",
          timestamp: "1764000050",
          type: "system",
          system: { type: "user_changed_number", wa_id: "5511991119999", body: "User Bia changed" },
        },
      ],
    }),
  );
  await until(async () => (await contact("5511991119999"))?.also.length === 1, { what: "the two are one" });
  await send(received("after", { from: customer("5511991119999"), at: 1_764_000_100, text: "Sou eu" }));
  await threadsAre("5511991119999", [["Vou trocar de número", "Sou eu"]]);
});

test("who is named by an id of the business alone is found again with the number, and the other way round", async () => {
  const userId = "BR.13491208655302741918";
  await send(received("both", { from: { phone: "5511991110006", userId, name: "Caio" }, text: "1" }));
  await threadsAre("5511991110006", [["1"]]);
  await send(received("hidden", { from: { userId, name: "Caio" }, at: 1_764_000_010, text: "2" }));
  await threadsAre("5511991110006", [["1", "2"]]);
});

test("what Fio does not know is shown as it came", async () => {
  const from = customer("5511991110007");
  await send(received("odd", { from, more: { type: "hologram", hologram: { size: 3 } } }));
  await until(async () => (await threads("5511991110007"))[0]?.length === 1, { what: "the odd message" });
  const [[text]] = (await threads("5511991110007")) as [[string]];
  expect(text).toContain("Mensagem de um tipo que o Fio não conhece (hologram)");
  expect(text).toContain('"hologram":{"size":3}');
});
