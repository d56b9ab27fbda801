/** Where somebody might be sent away to, each of which a browser or a parser has once taken for an address of another site. */
export const ELSEWHERE: readonly string[] = [
  "//evil.example",
  "///evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/\u0000/evil.example",
  "/\\evil.example",
  "/\\/evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/././/evil.example",
  "/x/..//evil.example",
  "/%2e//evil.example",
  "/%2e%2e//evil.example",
  "/x/%2E%2e//evil.example",
  "/;@evil.example",
  "/%09/evil.example",
  "/%5cevil.example",
  "/%2fevil.example",
  "http://evil.example",
  "https://evil.example",
  "http:evil.example",
  "http:/evil.example",
  "HTTPS://evil.example",
  "//evil%2eexample",
  "//evil。example",
  "@evil.example",
  ".evil.example",
  ":80@evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  " javascript:alert(1)",
  "/javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "blob:https://evil.example/x",
  "ftp://evil.example",
  "/\r\nSet-Cookie: fio_session=stolen",
  "/\r\n\r\n<script>alert(1)</script>",
  "/%0d%0aSet-Cookie:%20fio_session=stolen",
];

/** Why an answer leads where it must not, or `null`. As a browser reads it, and as a script that takes its path apart. */
export function leadsAway(location: string | null, own: string): string | null {
  if (location === null) return null;
  if (!URL.canParse(location, own)) return `${JSON.stringify(location)} is no address`;
  const { origin, pathname } = new URL(location, own);
  if (origin !== new URL(own).origin) return `${JSON.stringify(location)} leads to ${origin}`;
  return pathname.startsWith("//") ? `${JSON.stringify(location)} has the path of another site` : null;
}

/** Where a page's data tells a script to go, which follows by itself. */
export const redirectsIn = (body: string): string[] =>
  [...body.matchAll(/"redirect",("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text ?? "") as string);
