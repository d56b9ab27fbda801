import { inject } from "vitest";
import { SESSION_HEADER } from "@fio/contracts";
import { sqliteDatabase } from "../../../../../test/support/databases.ts";
import { carryOut, readCommand } from "../../accounts/operator.ts";
import { migratedStore } from "../../store/testing/fixture.ts";
import { startApi } from "./start-api.ts";

/** A read API that wants a token, with no account yet. */
export async function startSignInApi() {
  const { store, remove } = await migratedStore(sqliteDatabase);
  const api = await startApi({ store, redisUrl: inject("redisUrl"), tokens: ["web-app-token"] });
  return {
    api,
    /** As the web app asks, for a session. */
    ask: (method: string, path: string, { body, session = "" }: { body?: object; session?: string } = {}) =>
      fetch(`${api.url}${path}`, {
        method,
        headers: { Authorization: "Bearer web-app-token", [SESSION_HEADER]: session },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    /** The key of the link that `npm run agent -- add …` prints. */
    add: async (...args: string[]): Promise<string> => {
      const command = readCommand(["add", ...args]);
      const lines = await carryOut(command, { store, webUrl: "http://fio.test", now: Date.now() });
      return new URL(lines.at(-1) ?? "").searchParams.get("key") ?? "";
    },
    end: async (): Promise<void> => {
      await api.close();
      await remove();
    },
  };
}
