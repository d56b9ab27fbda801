import { SESSION_HEADER, type SignedIn } from "@fio/contracts";
import { sqliteDatabase, type Database } from "../../../../../test/support/databases.ts";
import { carryOut, readCommand } from "../../accounts/operator.ts";
import { startStoredApi } from "./start-api.ts";

export const PASSWORD = "uma frase fácil de lembrar";
export const DEVICE = { address: "192.0.2.1", browser: "a browser" };

/** A read API that wants a token, with no account yet. */
export async function startSignInApi({
  create = sqliteDatabase,
  ...given
}: { create?: () => Promise<Database> } & Pick<
  Parameters<typeof startStoredApi>[1] & object,
  "oidc" | "now" | "agentsSee" | "limits"
> = {}) {
  const { store, api, remove } = await startStoredApi(create, { tokens: ["web-app-token"], ...given });
  const ask = (
    method: string,
    path: string,
    { body, session = "" }: { body?: object; session?: string } = {},
  ): Promise<Response> =>
    fetch(`${api.url}${path}`, {
      method,
      headers: { Authorization: "Bearer web-app-token", [SESSION_HEADER]: session },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const add = async (...args: string[]): Promise<string> => {
    const command = readCommand(["add", ...args]);
    const lines = await carryOut(command, { store, webUrl: "http://fio.test", now: Date.now() });
    return new URL(lines.at(-1) ?? "").searchParams.get("key") ?? "";
  };
  return {
    api,
    store,
    /** As the web app asks, for a session. */
    ask,
    /** The key of the link that `npm run agent -- add …` prints. */
    add,
    /** Whoever was added so, with {@link PASSWORD}, signed in at {@link DEVICE}. */
    joined: async (...args: string[]): Promise<SignedIn> => {
      const body = { key: await add(...args), password: PASSWORD, ...DEVICE };
      return (await (await ask("POST", "/sign-in-links/accept", { body })).json()) as SignedIn;
    },
    end: remove,
  };
}
