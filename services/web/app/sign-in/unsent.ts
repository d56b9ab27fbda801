import { ownName } from "../device/account.ts";
import { beganName, DRAFT } from "../device/drafts.ts";
import { PRESENT } from "../device/signed-out.ts";
import { forgetOutbox, openOutboxMemory } from "../outbox/outbox-memory.ts";

const OWN_DRAFT = { before: DRAFT, after: ownName("") };

/** Conversations in which this browser keeps a draft of the agent's, by the names it is kept under. */
function draftsHere(): { key: string; id: string }[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(OWN_DRAFT.before) && key.endsWith(OWN_DRAFT.after))
      .map((key) => ({ key, id: key.slice(OWN_DRAFT.before.length, key.length - OWN_DRAFT.after.length) }));
  } catch {
    return [];
  }
}

/** Conversations into which this agent has written what did not leave this browser, each once. */
export async function unsentHere(): Promise<string[]> {
  const entries = await openOutboxMemory().all();
  const kept = entries.filter(({ state }) => state !== "accepted" && state !== "applied");
  return [...new Set([...kept.map(({ conversation }) => conversation), ...draftsHere().map(({ id }) => id)])];
}

/** What is read and how the app looks is no text, and stays; the agent's other tabs close what they show. */
export async function forgetOwn(): Promise<void> {
  await forgetOutbox();
  try {
    for (const { key, id } of draftsHere()) {
      localStorage.removeItem(key);
      localStorage.removeItem(beganName(id));
    }
    localStorage.removeItem(PRESENT);
  } catch {
    // Nothing is kept.
  }
}
