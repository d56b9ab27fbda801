import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { carryOut, readCommand } from "../../../services/conversations/src/accounts/operator.ts";
import { openStore } from "../../../services/conversations/src/store/connect.ts";
import { ROOT } from "../../../scripts/lib/services.ts";
import { sqliteDatabase } from "../../support/databases.ts";
import { seedStore } from "../../support/seed-store.ts";
import { startSystem, type System } from "../../support/system.ts";
import { until } from "../../support/until.ts";
import { ask, form, headerOf, written } from "./raw.ts";

/** What production is given. */
export const SECRETS = {
  WEBHOOK_SECRETS: "the secret of the senders that are let in",
  WEB_SECRETS: "the secret of the web app that signs alone",
  API_TOKENS: "the-token-of-who-may-read",
};
export const PASSWORD = "uma frase fácil de lembrar";

/** Fio as it runs in production, where nobody gets in without an account. */
export type Target = {
  system: System;
  /** Makes an account and signs in: the cookie. */
  signedIn: (email: string, name: string) => Promise<string>;
  signIn: (email: string, back?: string) => Promise<string>;
  /** The paths of all routes of the web app, with something for what a route leaves open. */
  paths: readonly string[];
  remove: () => Promise<void>;
};

/** `faults` lie in its store, as if they had failed inside: only from within can such a reason be had. */
export async function startTarget({
  faults = [],
}: { faults?: Parameters<typeof seedStore>[2] } = {}): Promise<Target> {
  const env = { ...SECRETS, NODE_ENV: "production", OPERATIONS_PORT: "0" };
  // In production nobody migrates on the way.
  const database = await sqliteDatabase();
  await seedStore(database.url, [], faults);
  const system = await startSystem({ web: true, env, databaseUrl: database.url });
  const remove = async (): Promise<void> => {
    await system.remove();
    await database.remove();
  };
  try {
    const signIn = async (email: string): Promise<string> => {
      const answer = await until(
        async () => {
          const given = await ask(
            system.webUrl,
            written("POST", "/sign-in", form({ email, password: PASSWORD })),
          );
          return given.status === "503" ? null : given;
        },
        { what: `${email} signs in`, everyMs: 1_000 },
      );
      const cookie = headerOf(answer, "set-cookie")?.split(";")[0];
      if (cookie === undefined) throw new Error(`${email} cannot sign in: ${answer.status} ${answer.body}`);
      return cookie;
    };
    return {
      system,
      signIn,
      signedIn: async (email, name) => {
        const store = openStore(system.databaseUrl);
        const command = readCommand(["add", email, name]);
        const printed = await carryOut(command, { store, webUrl: system.webUrl, now: Date.now() });
        await store.close();
        const { pathname, search } = new URL(/http\S+$/.exec(printed.join("\n"))?.[0] ?? "http://none");
        const link = await ask(
          system.webUrl,
          written("POST", pathname + search, form({ password: PASSWORD })),
        );
        // On a busy machine the hash may take longer than the app waits: the password is set all the same.
        if (link.status !== "303" && link.status !== "503")
          throw new Error(`the link of ${email} was answered ${link.status}`);
        return signIn(email);
      },
      paths: await pathsOfWeb(),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Routes = Record<string, { path?: string; parentId?: string } | undefined>;
const SOMETHING = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

async function pathsOfWeb(): Promise<string[]> {
  const file = pathToFileURL(join(ROOT, "services/web/build/server/index.js")).href;
  const { routes } = (await import(file)) as { routes: Routes };
  const pathOf = (id: string | undefined): string => {
    const route = id === undefined ? undefined : routes[id];
    return route === undefined ? "" : `${pathOf(route.parentId)}/${route.path ?? ""}`;
  };
  const filled = Object.keys(routes).map((id) =>
    `/${pathOf(id)}`
      .replace(/\/+/g, "/")
      .replace(/(.)\/$/, "$1")
      .replace(/:\w+/g, SOMETHING)
      .replace("*", "nothing/of/that"),
  );
  return [...new Set(filled)].toSorted();
}
