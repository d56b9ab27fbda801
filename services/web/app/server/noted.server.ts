import type { AppLoadContext } from "@remix-run/node";
import type { AuditNote } from "@fio/contracts";

/**
 * Puts what an agent did into the log of who did what, once it is done: nothing that an agent does for a customer waits for that,
 * or fails for want of it. Then our own log has it.
 */
export async function noted(
  { accounts, agent, session, log }: AppLoadContext,
  note: AuditNote,
): Promise<void> {
  if (agent === null || session === null) return;
  try {
    await accounts.note(session, note);
  } catch (error) {
    log.error({ err: error, by: agent.id, ...note }, "who did this could not be noted");
  }
}
