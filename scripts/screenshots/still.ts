import { randomUUID } from "node:crypto";
import { replyField, threadOf } from "../../test/browser/support/page.ts";
import type { Scene, Shot } from "./shots.ts";

const go = async ({ page }: Scene, path: string): Promise<void> => {
  await page.goto(path);
  await page
    .getByText(/Ao vivo|Live/)
    .first()
    .waitFor({ state: "attached" });
};
const heading = ({ page }: Scene, name: string): Promise<void> =>
  page.getByRole("heading", { name }).first().waitFor();
const openMain = async (scene: Scene, query = ""): Promise<void> => {
  await go(scene, `/conversations/${scene.data.main}${query}`);
  await threadOf(scene.page).getByText("Conseguiu ver?").waitFor();
};

/** Pictures that change nothing in the system. */
export const still: readonly Shot[] = [
  { name: "list", make: (scene) => go(scene, "/") },
  { name: "waiting", make: (scene) => go(scene, "/?state=waiting") },
  { name: "list-closed", make: (scene) => go(scene, "/?state=closed") },
  { name: "list-all", make: (scene) => go(scene, "/?state=all") },
  { name: "thread", make: (scene) => openMain(scene) },
  {
    name: "thread-top",
    make: async (scene) => {
      await openMain(scene);
      await threadOf(scene.page).evaluate((element) => element.scrollTo(0, -element.scrollHeight));
    },
  },
  { name: "closed", make: (scene) => go(scene, `/conversations/${scene.data.closed}`) },
  { name: "long", make: (scene) => go(scene, `/conversations/${scene.data.long}`) },
  {
    name: "simulate",
    make: async (scene) => {
      await openMain(scene);
      await scene.page.keyboard.press("s");
      await scene.page
        .getByRole("textbox", {
          name: scene.say("Mensagem do cliente simulado", "Message from the simulated customer"),
        })
        .fill(scene.say("Quanto custa o frete?", "How much is the delivery?"));
    },
  },
  {
    name: "limit",
    make: async (scene) => {
      await openMain(scene);
      await replyField(scene.page).fill("Segue o contrato inteiro. ".repeat(3_000).slice(0, 65_560));
      await scene.page.getByText(/65[.,]536/).waitFor();
    },
    after: async ({ page }) => replyField(page).fill(""),
  },
  { name: "details", make: (scene) => openMain(scene, "?details") },
  {
    name: "menu",
    sizes: ["phone"],
    make: async (scene) => {
      await openMain(scene);
      await scene.page.getByRole("button", { name: scene.say("Mais ações", "More actions") }).click();
      await scene.page.getByRole("menu").waitFor();
    },
  },
  {
    name: "confirm",
    make: async (scene) => {
      await openMain(scene);
      await scene.page.keyboard.press("e");
      await scene.page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "palette",
    make: async (scene) => {
      await openMain(scene);
      await scene.page.keyboard.press("Control+k");
      await scene.page.getByRole("dialog").waitFor();
      await scene.page.keyboard.type("re");
      await scene.page.locator(".palette input[value=re]").waitFor();
    },
  },
  {
    name: "shortcuts",
    sizes: ["wide", "laptop", "tablet"],
    make: async (scene) => {
      await openMain(scene);
      await scene.page.keyboard.press("?");
      await scene.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "live",
    make: async (scene) => {
      await go(scene, "/");
      await scene.page.locator(".live-btn:visible").click();
      await scene.page.getByRole("dialog").waitFor();
    },
  },
  { name: "rejections", make: (scene) => go(scene, "/rejections?show=all") },
  { name: "rejections-pending", make: (scene) => go(scene, "/rejections") },
  {
    name: "rejections-whole",
    make: async (scene) => {
      await go(scene, "/rejections?show=all");
      await scene.page.getByText(scene.say("Detalhes técnicos", "Technical details")).first().click();
      await scene.page.locator("pre").first().waitFor();
    },
  },
  { name: "search", make: (scene) => go(scene, "/search?q=pedido") },
  {
    name: "search-filters",
    make: (scene) => go(scene, "/search?q=pedido&state=OPEN&direction=RECEIVED"),
  },
  { name: "search-start", make: (scene) => go(scene, "/search") },
  { name: "search-none", make: (scene) => go(scene, "/search?q=xilofone") },
  {
    name: "not-found",
    make: async (scene) => {
      await scene.page.goto(`/conversations/${randomUUID()}`);
      await heading(scene, scene.say("Nenhuma conversa com este ID", "No conversation with this ID"));
    },
  },
  {
    name: "no-page",
    make: async (scene) => {
      await scene.page.goto("/nada/aqui");
      await heading(scene, scene.say("Não há nada neste endereço", "There's nothing at this address"));
    },
  },
];

/** Pictures of a system that holds nothing yet. */
export const empty: readonly Shot[] = [
  { name: "list-empty", make: (scene) => go(scene, "/") },
  { name: "list-empty-closed", make: (scene) => go(scene, "/?state=closed") },
  { name: "rejections-empty", make: (scene) => go(scene, "/rejections") },
];
