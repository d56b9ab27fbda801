import type { Contact, ErasedEvent, EventOutcome } from "@fio/contracts";
import { Unavailable } from "../../unavailable.ts";

export type ReadApi = {
  /** `null`: nothing was ever said of this contact. Throws {@link Unavailable}. */
  contact: (channel: string, id: string) => Promise<Contact | null>;
  /** What became of a message; `null`: never accepted, or not processed yet. Throws {@link Unavailable}. */
  fateOf: (messageId: string) => Promise<EventOutcome | ErasedEvent | null>;
};

const LIMIT_MS = 5_000;
/** Of the conversations of one person; older ones are found to be taken when they are opened. */
const MOST = 200;

/** `token` undefined: reads are open. */
export function createReadApi({ url, token }: { url: string; token: string | undefined }): ReadApi {
  const read = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(LIMIT_MS),
    }).catch((error: unknown) => {
      throw new Unavailable(`the read API does not answer: ${(error as Error).message}`);
    });
    if (answer.status === 404) {
      await answer.body?.cancel();
      return null;
    }
    if (!answer.ok) throw new Unavailable(`the read API answers ${answer.status}`);
    return answer.json().catch(() => {
      throw new Unavailable("the read API's answer was cut off");
    });
  };
  return {
    contact: async (channel, id) =>
      (await read(
        `/contacts/${encodeURIComponent(channel)}/${encodeURIComponent(id)}/?limit=${MOST}`,
      )) as Contact | null,
    fateOf: async (messageId) =>
      (await read(`/events/NEW_MESSAGE/${messageId}`)) as EventOutcome | ErasedEvent | null,
  };
}
