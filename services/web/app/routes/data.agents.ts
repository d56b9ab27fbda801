import type { Agent } from "@fio/contracts";
import type { LoaderFunctionArgs } from "@remix-run/node";

/** Who can be given a conversation: nobody where agents do not sign in. */
export async function loader({ context: { accounts, agent, session } }: LoaderFunctionArgs) {
  const agents = agent === null || session === null ? null : await accounts.agents(session);
  return Response.json((agents ?? []) satisfies Agent[]);
}
