import type { ConversationRow } from "@fio/contracts";
import type { Api, Read } from "../../server/api.ts";

/** `next`: the query of the page that follows. */
export type ContactPage = { conversations: ConversationRow[]; next: string | null };

/** A page of a customer's conversations: none of one who is not known, whose number was only typed. */
export async function contactPageOf(
  api: Api,
  asked: { channel: string; id: string; page: string | null },
): Promise<ContactPage | Extract<Read<never>, { kind: "refused" }>> {
  const read = await api.contact(asked);
  if (read.kind === "refused" && read.problem.status === 404) return { conversations: [], next: null };
  return read.kind === "refused" ? read : { conversations: read.data.conversations, next: read.next };
}
