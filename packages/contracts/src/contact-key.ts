import { derivedId } from "./derived-id.ts";

/** The UUID by which a contact is kept, locked and placed: it follows from the channel and the id alone. */
export const contactKeyOf = ({ channel, id }: { channel: string; id: string }): string =>
  derivedId(JSON.stringify([channel, id]));
