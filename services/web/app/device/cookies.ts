/** The value of a cookie in a `Cookie` header or `document.cookie`. */
export function cookieOf(header: string | null, name: string): string | null {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return decoded(pair.slice(at + 1).trim());
  }
  return null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const YEAR_SECONDS = 31_536_000;

/** What is set here says how the page looks, nothing secret: scripts may write it. */
export const cookieText = (
  name: string,
  value: string,
  { secure = location.protocol === "https:" }: { secure?: boolean } = {},
): string =>
  `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure ? "; Secure" : ""}`;
