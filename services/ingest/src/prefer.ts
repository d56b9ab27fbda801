const MAX_WAIT_SECONDS = 30;
/** Longer than any sensible `Prefer`. */
const MAX_LENGTH = 500;

/**
 * The seconds that a sender asks to wait (RFC 7240), or `null`. More than 30 counts as 30, as `Preference-Applied`
 * says; an invalid value, or one below 1, is ignored, as the RFC asks. The first `wait` counts.
 */
export function waitSeconds(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(",") : header;
  if (text === undefined || text.length > MAX_LENGTH) return null;
  for (const preference of text.split(",")) {
    // Parameters come after a semicolon; `wait` has none.
    const [name = "", value = ""] = (preference.split(";", 1)[0] ?? "").split("=").map((part) => part.trim());
    if (name.toLowerCase() !== "wait") continue;
    const seconds = /^(?:"(\d{1,9})"|(\d{1,9}))$/.exec(value);
    const wait = Number(seconds?.[1] ?? seconds?.[2] ?? 0);
    return wait < 1 ? null : Math.min(wait, MAX_WAIT_SECONDS);
  }
  return null;
}
