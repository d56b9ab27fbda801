import { closeConversation, newMessage } from "../../test/browser/support/app.ts";
import { isLive, replyField, threadOf } from "../../test/browser/support/page.ts";
import type { Scene, Shot } from "./shots.ts";

const TEXTS = ["Bom dia! Vocês entregam no sábado?", "> Bom dia! Entregamos, das 9h às 13h.", "Que ótimo!"];

const READY = [
  { id: "1", title: "Prazo de entrega", text: "{saudacao}, {nome}! O pedido {número} chega em {prazo}." },
  { id: "2", title: "Troca", text: "A troca é grátis em até 30 dias. Qual é o número do pedido?" },
  { id: "3", title: "Já volto", text: "Um momento, por favor: vou verificar." },
];

async function openOwn({ app, page, size }: Scene): Promise<string> {
  const id = await app.conversation(...TEXTS);
  await page.goto(`/conversations/${id}`);
  if (size !== "phone") await isLive(page);
  await replyField(page).waitFor();
  return id;
}
const dialog = ({ page }: Scene, portuguese: string, english: string) =>
  page.getByRole("dialog", { name: new RegExp(`^(${portuguese}|${english})`) });

/** Pictures of what opens over a conversation, and of what becomes of it when others act. */
export const opened: readonly Shot[] = [
  {
    name: "emoji",
    make: async (scene) => {
      await openOwn(scene);
      await scene.page.getByRole("button", { name: "Emoji" }).click();
      await dialog(scene, "Emoji", "Emoji").getByRole("searchbox").waitFor();
    },
  },
  {
    name: "ready",
    options: { before: (context) => context.addInitScript(rememberReady()) },
    make: async (scene) => {
      await openOwn(scene);
      await replyField(scene.page).click();
      await scene.page.keyboard.type("/");
      await scene.page.getByRole("listbox").waitFor();
    },
  },
  {
    name: "ready-manage",
    options: { before: (context) => context.addInitScript(rememberReady()) },
    make: async (scene) => {
      await openOwn(scene);
      await scene.page.keyboard.press("Control+k");
      await scene.page.keyboard.type(scene.say("respostas prontas", "quick replies"));
      await scene.page.keyboard.press("Enter");
      await dialog(scene, "Respostas prontas", "Quick replies").waitFor();
    },
  },
  {
    name: "date",
    make: async (scene) => {
      await openOwn(scene);
      await scene.page.keyboard.press("g");
      await scene.page.keyboard.press("d");
      await scene.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "details-technical",
    make: async (scene) => {
      await scene.page.goto(`/conversations/${scene.data.main}?details`);
      await scene.page
        .getByText(/Detalhes técnicos|Technical details/)
        .filter({ visible: true })
        .first()
        .click();
      await scene.page
        .getByRole("heading", { name: /Histórico|History/ })
        .filter({ visible: true })
        .first()
        .waitFor();
    },
  },
  {
    name: "new-conversation",
    make: async ({ page }) => {
      await page.goto("/");
      await page.keyboard.press("n");
      await page.getByText(/Escreva a primeira mensagem\.|Write the first message\./).waitFor();
    },
  },
  {
    name: "new-failed",
    make: async ({ app, page }) => {
      await page.goto("/");
      await page.keyboard.press("n");
      await replyOf(page).waitFor();
      await app.system.ingests[0]?.kill();
      await replyOf(page).fill("Bom dia! O seu pedido chegou à loja.");
      await page.keyboard.press("Enter");
      await page
        .getByText(/o servidor não respondeu|server didn/)
        .first()
        .waitFor();
    },
    after: async ({ app }) => {
      await app.system.ingests[0]?.start();
    },
  },
  {
    name: "kept",
    make: async (scene) => {
      const id = await openOwn(scene);
      await replyField(scene.page).fill("Posso reservar das 9h às 10h. Fica bom?");
      await scene.app.post(closeConversation(id));
      await scene.page.getByText(/fechada enquanto você escrevia|closed while you were writing/).waitFor();
    },
  },
  {
    name: "wrote-after-close",
    make: async (scene) => {
      const id = await openOwn(scene);
      await scene.app.post(closeConversation(id));
      await scene.page
        .getByText(/Conversa fechada|Conversation closed/)
        .first()
        .waitFor();
      await scene.app.post(newMessage(id, "Esqueci: vocês levam a nota junto?"));
      await threadOf(scene.page).getByText("Esqueci").waitFor();
    },
  },
  {
    name: "held",
    sizes: ["wide"],
    make: async (scene) => {
      await openOwn(scene);
      await scene.page.locator(".row").nth(3).hover();
      await scene.app.conversation("Oi! Ainda tem a luminária azul?");
      await scene.app.conversation("Boa tarde, meu boleto venceu");
      await scene.page.locator(".list-note button").waitFor();
    },
  },
  {
    name: "offer",
    options: { before: (context) => context.addInitScript(`localStorage.setItem("fio.offer", "made")`) },
    make: async ({ page }) => {
      await page.goto("/");
      await page.locator(".offer").waitFor();
    },
  },
  {
    name: "rejections-done",
    make: async ({ page, app, data }) => {
      const id = await app.conversation("Recebi, obrigada!");
      await app.post(closeConversation(id));
      await app.post(newMessage(id, "Só faltou o manual. Vocês mandam?"));
      await app.post(newMessage(data.closed, "Ah, e o recibo?"));
      await page.goto("/rejections?show=all");
      const row = (text: string) => page.getByRole("listitem").filter({ hasText: text });
      await row("Ah, e o recibo?")
        .first()
        .getByRole("button", { name: /^(Já vi|Mark as seen)/ })
        .click();
      await row("Só faltou o manual")
        .first()
        .getByRole("button", { name: /Levar para|Move to a new/ })
        .click();
      await row("Só faltou o manual")
        .first()
        .getByText(/Levada para|Moved to/)
        .waitFor();
    },
  },
];

const replyOf = (page: Scene["page"]) => page.locator("#reply");
const rememberReady = (): string =>
  `localStorage.setItem("fio.ready", ${JSON.stringify(JSON.stringify(READY))});`;
