import type { AppLoadContext } from "@remix-run/node";
import type { AssignConversation } from "@fio/contracts";

/**
 * An assignment under the name that its agent has now, whatever the browser says; `null`: nobody is signed in, or there is no such
 * agent any more.
 */
export async function assignedBy(
  event: AssignConversation,
  { accounts, agent, session }: Pick<AppLoadContext, "accounts" | "agent" | "session">,
): Promise<AssignConversation | null> {
  if (agent === null || session === null) return null;
  const to = event.data.agent?.id;
  if (to === undefined) return event;
  const known = to === agent.id ? agent : (await accounts.agents(session))?.find(({ id }) => id === to);
  if (known === undefined) return null;
  return { ...event, data: { ...event.data, agent: { id: known.id, name: known.name } } };
}
