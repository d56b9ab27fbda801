import type { AccountRole } from "@fio/contracts";
import { openStore } from "../../../services/conversations/src/store/connect.ts";
import { signInAs } from "../../support/sign-in.ts";
import type { Agent, AgentOptions } from "./agents.ts";
import type { App } from "./app.ts";

/** A new account, signed in at a browser of its own. */
export async function signedIn(
  app: App,
  { name, role, ...options }: AgentOptions & { name: string; role?: AccountRole },
): Promise<Agent> {
  const store = openStore(app.system.databaseUrl);
  const { token } = await signInAs(store, { name, ...(role === undefined ? {} : { role }) });
  await store.close();
  const agent = await app.agents.agent(options);
  await agent.context.addCookies([{ name: "fio_session", value: token, url: app.system.webUrl }]);
  return agent;
}
