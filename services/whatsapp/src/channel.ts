/**
 * The channel of a contact who writes to a number of ours, `whatsapp:` and the number's id at Meta. That id stays when
 * the number is shown in another way, and is what answers are sent from.
 */
export const channelOf = (phoneNumberId: string): string => `whatsapp:${phoneNumberId}`;

/** The id of our number in a channel; `null` for a channel that is not WhatsApp's. */
export function phoneNumberIdOf(channel: string): string | null {
  return /^whatsapp:(.+)$/s.exec(channel)?.[1] ?? null;
}
