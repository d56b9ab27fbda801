import { carryOut, readCommand } from "../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { isLive, replyField, threadOf } from "../../test/browser/support/page.ts";
import type { Scene, Shot } from "./shots.ts";

const PASSWORD = "uma frase fácil de lembrar";

/** What `npm run agent -- …` prints. */
async function operator({ app }: Scene, ...args: string[]): Promise<string> {
  const store = openStore(app.system.databaseUrl);
  const given = { store, webUrl: app.system.webUrl, now: Date.now() };
  return (await carryOut(readCommand(args), given).finally(store.close)).join("\n");
}

let people = 0;

/** A new account for each picture, so that none depends on another. */
async function linkOf(scene: Scene): Promise<string> {
  people += 1;
  const printed = await operator(scene, "add", `helena${people}@fio.example`, "Helena Prado", "--admin");
  return /http\S+$/.exec(printed)?.[0] ?? "";
}
async function signIn(scene: Scene): Promise<string> {
  const { page, say } = scene;
  await page.goto(await linkOf(scene));
  await page.getByLabel(say("Nova senha", "New password")).fill(PASSWORD);
  await page.getByRole("button", { name: say("Salvar e entrar", "Save and sign in") }).click();
  await page.locator("html[data-account][data-alive]").waitFor();
  return `helena${people}@fio.example`;
}

async function openSignedIn(scene: Scene): Promise<void> {
  await signIn(scene);
  await scene.page.goto(`/conversations/${scene.data.main}`);
  await threadOf(scene.page).getByText("Conseguiu ver?").waitFor();
  await isLive(scene.page);
}

/** The pages before the app, and those of an account. */
export const signing: readonly Shot[] = [
  {
    name: "sign-in",
    make: async ({ page }) => {
      await page.goto("/sign-in");
    },
  },
  {
    name: "sign-in-refused",
    make: async ({ page, say }) => {
      await page.goto("/sign-in");
      await page.getByLabel("E-mail").fill("helena@fio.example");
      await page.getByLabel(say("Senha", "Password")).fill("outra coisa");
      await page.getByRole("button", { name: say("Entrar", "Sign in") }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "welcome",
    make: async (scene) => {
      await scene.page.goto(await linkOf(scene));
    },
  },
  {
    name: "welcome-used",
    make: async ({ page }) => {
      await page.goto("/welcome?key=none");
    },
  },
  {
    name: "account",
    make: async (scene) => {
      await signIn(scene);
      await scene.page.goto("/account");
    },
  },
  {
    name: "account-password",
    make: async (scene) => {
      const { page, say } = scene;
      await signIn(scene);
      await page.goto("/account");
      await page.getByText(say("Trocar a senha", "Change your password")).click();
      await page.getByLabel(say("Senha atual", "Current password")).fill("outra coisa");
      await page.getByLabel(say("Nova senha", "New password")).fill("uma frase que só eu sei");
      await page.getByRole("button", { name: say("Trocar senha", "Change password"), exact: true }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "account-unsent",
    make: async (scene) => {
      const { page, say, data } = scene;
      await signIn(scene);
      await page.goto(`/conversations/${data.main}`);
      await replyField(page).fill("Bom dia! Sobre a troca de tamanho,");
      await page.goto("/account");
      await page.getByRole("button", { name: say("Sair", "Sign out"), exact: true }).click();
      await page.getByRole("button", { name: say("Apagar e sair", "Delete and sign out") }).waitFor();
    },
  },
  {
    name: "admin-agents",
    make: async (scene) => {
      const { page, say } = scene;
      await signIn(scene);
      await operator(scene, "add", `joel${people}@fio.example`, "Joel Dias");
      await operator(scene, "disable", `joel${people}@fio.example`);
      await page.goto("/admin/agents");
      await page
        .getByLabel(say("Nome, como os colegas o veem", "Name, as colleagues see it"))
        .fill("Iara Melo");
      await page.getByLabel("E-mail").fill(`iara${people}@fio.example`);
      await page.getByRole("button", { name: say("Criar conta", "Add account") }).click();
      await page
        .getByLabel(/Iara Melo/)
        .first()
        .waitFor();
      await page.locator("summary").first().click();
    },
  },
  {
    name: "admin-audit",
    make: async (scene) => {
      await signIn(scene);
      await scene.page.goto("/admin/audit");
      await scene.page.getByRole("listitem").or(scene.page.getByRole("row")).first().waitFor();
    },
  },
  {
    name: "assigned",
    sizes: ["wide", "laptop"],
    make: async (scene) => {
      await openSignedIn(scene);
      await scene.page.keyboard.press("p");
      await scene.page.locator(".row .holder").first().waitFor({ state: "attached" });
    },
  },
  {
    name: "assign-dialog",
    sizes: ["wide", "laptop"],
    make: async (scene) => {
      await operator(scene, "add", `caio${people}@fio.example`, "Caio Rocha");
      await openSignedIn(scene);
      await scene.page.keyboard.press("a");
      await scene.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "signed-out",
    make: async (scene) => {
      const { page, data } = scene;
      const email = await signIn(scene);
      await page.goto(`/conversations/${data.main}`);
      await threadOf(page).getByText("Conseguiu ver?").waitFor();
      if (scene.size === "wide") await isLive(page);
      await operator(scene, "end-sessions", email);
      await page.locator(".signed-out").waitFor({ timeout: 40_000 });
    },
  },
];
