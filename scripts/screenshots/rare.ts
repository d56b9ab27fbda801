import { randomUUID } from "node:crypto";
import { closeConversation, newMessage } from "../../test/browser/support/app.ts";
import { hasAllCode, replyField, threadOf } from "../../test/browser/support/page.ts";
import type { Scene, Shot } from "./shots.ts";

const apiOf = ({ app }: Scene) => app.system.conversations.find(({ name }) => name.includes("api"));
const goAlive = async ({ page }: Scene, path: string): Promise<void> => {
  await page.goto(path);
  await page
    .getByText(/Ao vivo|Live/)
    .first()
    .waitFor({ state: "attached" });
};
/** The id of the message with this number, of all in a thread. */
async function messageIn({ app }: Scene, conversation: string, at: number): Promise<string> {
  const answer = await fetch(`${app.system.apiUrl}/conversations/${conversation}/?limit=1000`);
  const { messages } = (await answer.json()) as { messages: { id: string }[] };
  return messages[at]?.id ?? "";
}

/** Pictures of what is seldom seen: other media, searches that find a place, servers and networks that are away. */
export const rare: readonly Shot[] = [
  {
    name: "around",
    make: async (scene) => {
      const id = await messageIn(scene, scene.data.long, 90);
      await goAlive(scene, `/conversations/${scene.data.long}?message=${id}`);
      await threadOf(scene.page).locator(`[data-message="${id}"]`).waitFor();
    },
  },
  {
    name: "found",
    make: async (scene) => {
      await goAlive(scene, "/search?q=caixa+passa");
      await scene.page.locator("a.hit").first().click();
      await threadOf(scene.page).waitFor();
    },
  },
  { name: "search-named", make: (scene) => goAlive(scene, "/search?q=polar") },
  {
    name: "search-many",
    make: async (scene) => {
      await goAlive(scene, "/search?q=pedido");
      await scene.page
        .getByRole("button", { name: /nesta conversa|in this conversation/ })
        .first()
        .click();
    },
  },
  {
    name: "search-period",
    make: (scene) => goAlive(scene, "/search?q=pedido&from=2026-02-02&to=2026-01-01"),
  },
  {
    name: "new-starting",
    options: { before: (context) => context.route("**/data/events", () => undefined) },
    make: async (scene) => {
      await goAlive(scene, "/");
      await scene.page.keyboard.press("n");
      await scene.page.locator("#reply").fill("Bom dia! O seu pedido chegou à loja.");
      await scene.page.keyboard.press("Enter");
      await threadOf(scene.page).getByText("O seu pedido").waitFor();
    },
  },
  {
    name: "offline-unseen",
    make: async (scene) => {
      await goAlive(scene, "/");
      await hasAllCode(scene.page);
      await scene.agent.context.setOffline(true);
      await scene.page.locator(".row[data-id]").nth(1).click();
      await scene.page.getByText(/ainda não foi aberta|hasn't been opened/).waitFor();
    },
    after: ({ agent }) => agent.context.setOffline(false),
  },
  {
    name: "reasons",
    make: async (scene) => {
      const id = await scene.app.conversation("Oi", "> Bom dia! Em que posso ajudar?");
      const twice = randomUUID();
      await scene.app.post(newMessage(id, "Meu pedido veio com defeito", { id: twice }));
      await scene.app.post(newMessage(id, "Meu pedido veio errado", { id: twice }));
      await scene.app.post(closeConversation(id));
      await scene.app.post(newMessage(id, "E agora, quem resolve?"));
      await scene.app.post(newMessage(id, "Resolvo agora mesmo.", { direction: "SENT" }));
      await goAlive(scene, `/conversations/${id}?details`);
      await threadOf(scene.page).getByText("quem resolve").waitFor();
    },
  },
  {
    name: "failed-pages",
    make: async (scene) => {
      await apiOf(scene)?.kill();
      await scene.page.goto("/rejections");
      await scene.page.getByRole("alert").first().waitFor();
    },
    after: async (scene) => apiOf(scene)?.start(),
  },
  {
    name: "failed-search",
    make: async (scene) => {
      await apiOf(scene)?.kill();
      await scene.page.goto("/search?q=pedido");
      await scene.page.getByRole("alert").first().waitFor();
    },
    after: async (scene) => apiOf(scene)?.start(),
  },
  {
    name: "print",
    sizes: ["wide"],
    make: async (scene) => {
      await goAlive(scene, `/conversations/${scene.data.main}`);
      await threadOf(scene.page).getByText("Conseguiu ver?").waitFor();
      await scene.page.emulateMedia({ media: "print" });
    },
  },
  {
    name: "forced",
    make: async (scene) => {
      await goAlive(scene, `/conversations/${scene.data.main}`);
      await scene.page.emulateMedia({ forcedColors: "active" });
      await replyField(scene.page).fill("Bom dia!");
    },
  },
  {
    name: "forced-rejections",
    make: async (scene) => {
      await goAlive(scene, "/rejections?show=all");
      await scene.page.emulateMedia({ forcedColors: "active" });
    },
  },
];
