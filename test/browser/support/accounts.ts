import type { AccountRole } from "@fio/contracts";
import { createAccounts } from "../../../services/conversations/src/accounts/accounts.ts";
import { openStore } from "../../../services/conversations/src/store/connect.ts";
import type { Agent, AgentOptions } from "./agents.ts";
import type { App } from "./app.ts";

const PASSWORD = "uma frase fácil de lembrar";

/** A new account, signed in at a browser of its own. */
export async function signedIn(
  app: App,
  { name, role = "agent", ...options }: AgentOptions & { name: string; role?: AccountRole },
): Promise<Agent> {
  const store = openStore(app.system.databaseUrl);
  const accounts = createAccounts({ store, now: Date.now });
  const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, "")}@fio.example`;
  const added = await accounts.administration.add({ email, name, role });
  if (added.kind !== "added") throw new Error(`${email}: ${added.kind}`);
  const device = { address: "127.0.0.1", browser: "a test's" };
  const begun = await accounts.acceptLink({ key: added.key, password: PASSWORD, ...device });
  await store.close();
  if (begun.kind !== "signed in") throw new Error(`${email}: ${begun.kind}`);
  const agent = await app.agents.agent(options);
  await agent.context.addCookies([{ name: "fio_session", value: begun.token, url: app.system.webUrl }]);
  return agent;
}
