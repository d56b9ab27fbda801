import { timestampOf, type Receipt } from "@fio/contracts";
import { applyBatch } from "../../services/conversations/src/store/apply.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { closeConversation, newConversation, newMessage } from "../../test/browser/support/app.ts";
import { replyField, threadOf } from "../../test/browser/support/page.ts";
import { until } from "../../test/support/until.ts";
import { randomUUID } from "node:crypto";
import type { Scene, Shot } from "./shots.ts";
import { LATE } from "./story.ts";

const TEXTS = [
  "Bom dia! O sofá chega hoje?",
  "> Bom dia! Chega sim, entre 8h e 12h.",
  "Ótimo. Moro no quarto andar, e a escada é estreita",
  "> Sem problema: a equipe sobe com cintas.",
  "Conseguiu ver o elevador?",
  "> Consegui! A caixa tem 1,95 m, então passa em pé 👍",
];

/** A conversation of this picture's own, live on screen. */
async function openOwn({ app, page }: Scene, texts: readonly string[] = TEXTS): Promise<string> {
  const id = await app.conversation(...texts);
  await page.goto(`/conversations/${id}`);
  await page
    .getByText(/Ao vivo|Live/)
    .first()
    .waitFor({ state: "attached" });
  await replyField(page).waitFor();
  return id;
}
async function send({ page }: Scene, text: string): Promise<void> {
  await replyField(page).fill(text);
  await replyField(page).press("Enter");
  await threadOf(page).getByText(text).waitFor();
}
const processOf = ({ app }: Scene, role: "api" | "worker") =>
  app.system.conversations.find(({ name }) => name.includes(role));

/** Pictures of something that happens: each in a conversation of its own. */
export const moving: readonly Shot[] = [
  {
    name: "late",
    make: async (scene) => {
      const id = await openOwn(scene);
      await scene.app.post(newMessage(id, LATE, { timestamp: timestampOf(Date.now() - 140_000) }));
      await threadOf(scene.page).getByText(LATE).waitFor();
    },
  },
  {
    name: "new-below",
    make: async (scene) => {
      const id = await openOwn(scene, [...TEXTS, ...TEXTS, ...TEXTS, ...TEXTS]);
      await threadOf(scene.page).evaluate((element) => element.scrollTo(0, -500));
      await scene.app.post(newMessage(id, "Mais uma coisa"), newMessage(id, "Vocês levam o sofá velho?"));
      await scene.page.getByRole("button", { name: /2 (novas mensagens|new messages)/ }).waitFor();
    },
  },
  {
    name: "removed",
    make: async (scene) => {
      const id = await openOwn(scene);
      // A close that was accepted first and is applied last, as between two workers.
      const receipt = String((Date.now() - 1) * 1_000) as Receipt;
      await scene.app.post(newMessage(id, "Só mais uma dúvida: e o recibo?"));
      await threadOf(scene.page).getByText("Só mais uma dúvida").waitFor();
      await applyDirectly(scene, {
        receipt,
        event: { type: "CLOSE_CONVERSATION", timestamp: timestampOf(Date.now()), data: { id } },
      });
      await scene.page.getByText(/escreveu depois do fechamento|wrote after the conversation/).waitFor();
    },
  },
  {
    name: "sending",
    make: async (scene) => {
      await openOwn(scene);
      processOf(scene, "worker")?.pause();
      await send(scene, "Mais alguma coisa que eu possa ver?");
      await scene.page.getByText(/já está guardada|it's saved and won/).waitFor();
    },
    after: (scene) => {
      processOf(scene, "worker")?.resume();
      return Promise.resolve();
    },
  },
  {
    name: "failed",
    make: async (scene) => {
      await openOwn(scene);
      await scene.app.system.ingests[0]?.kill();
      await send(scene, "A equipe liga meia hora antes.");
      await scene.page.getByText(/o servidor não respondeu|server didn/).waitFor();
    },
    after: async (scene) => {
      await scene.app.system.ingests[0]?.start();
    },
  },
  {
    name: "refused",
    // This tab does not receive the close: it has its own stream, which is cut.
    options: {
      before: async (context) => {
        await context.addInitScript("delete globalThis.SharedWorker");
        await context.route("**/live?*", (route) => route.abort());
      },
    },
    make: async (scene) => {
      const id = await scene.app.conversation(...TEXTS);
      await scene.page.goto(`/conversations/${id}`);
      // Scripts run by now: what is typed before would be lost.
      await scene.page
        .getByText(/Reconectando|Reconnecting/)
        .last()
        .waitFor({ state: "attached" });
      await scene.app.post(closeConversation(id));
      await send(scene, "Ainda está aí?");
      await scene.page.getByText(/Não entrou: chegou|Left out: came in/).waitFor();
    },
  },
  {
    name: "offline",
    make: async (scene) => {
      await openOwn(scene);
      await scene.agent.context.setOffline(true);
      await send(scene, "A nota vai junto com o sofá.");
      await send(scene, "E a garantia é de um ano.");
    },
    after: ({ agent }) => agent.context.setOffline(false),
  },
  {
    name: "reconnecting",
    make: async (scene) => {
      await openOwn(scene);
      await processOf(scene, "api")?.kill();
      await scene.page
        .getByText(/Reconectando|Reconnecting/)
        .last()
        .waitFor({ state: "attached" });
    },
    after: async (scene) => processOf(scene, "api")?.start(),
  },
  {
    name: "error",
    make: async (scene) => {
      await processOf(scene, "api")?.kill();
      await scene.page.goto(`/conversations/${scene.data.main}`);
      await scene.page.getByRole("alert").first().waitFor({ state: "attached" });
    },
    after: async (scene) => processOf(scene, "api")?.start(),
  },
  {
    name: "new",
    make: async (scene) => {
      const id = randomUUID();
      await scene.app.post(newConversation(id));
      await scene.page.goto(`/conversations/${id}`);
      await scene.page.getByText(/Conversa iniciada agora|Conversation started now/).waitFor();
    },
  },
  {
    name: "loading",
    options: {
      before: (context) =>
        context.route(/\/data\/conversations\/[^/]+\/opening/, async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 4_000));
          await route.continue();
        }),
    },
    sizes: ["wide", "laptop", "tablet"],
    make: async (scene) => {
      await openOwn(scene);
      await scene.page.keyboard.press("j");
      await scene.page
        .getByText(/Carregando a conversa|Loading the conversation/)
        .waitFor({ state: "attached" });
    },
  },
];

type Applied = Parameters<typeof applyBatch>[1]["events"][number];

/** Beside the worker, which announces what it finds in the outbox; SQLite has one writer, and says so when it is busy. */
async function applyDirectly({ app }: Scene, accepted: Applied): Promise<void> {
  const store = openStore(app.system.databaseUrl);
  const batch = { now: 0, announced: [], poisonMark: null, events: [accepted] };
  await until(
    () =>
      applyBatch(store, batch).then(
        () => true,
        () => false,
      ),
    { what: "the close is in the store" },
  );
  await store.close();
}
