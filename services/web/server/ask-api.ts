import { Unavailable } from "./unavailable.ts";

/** How the read API is reached; `token`: `undefined` when it wants none. */
export type ApiAccess = { url: string; token: string | undefined; call: typeof fetch };

/** `content`: its JSON, or `null`. `what` was asked, for whom it makes unavailable. */
export type ApiAnswer = { what: string; status: number; headers: Headers; content: unknown };

const LIMIT_MS = 8_000;

export const apiHeaders = (token: string | undefined): Record<string, string> => ({
  Accept: "application/json",
  ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
});

/** Asks the read API. Throws {@link Unavailable} when it does not answer in time or answers 5xx. */
export async function askApi(
  { url, token, call }: ApiAccess,
  path: string,
  {
    method = "GET",
    headers = {},
    body,
    limitMs = LIMIT_MS,
  }: { method?: string; headers?: Record<string, string>; body?: object; limitMs?: number } = {},
): Promise<ApiAnswer> {
  const what = `${method} ${path}`;
  const answer = await call(`${url}${path}`, {
    method,
    headers: {
      ...apiHeaders(token),
      ...headers,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(limitMs),
  }).catch((error: unknown) => {
    throw new Unavailable(what, 503, { cause: error });
  });
  const content: unknown = await answer.json().catch(() => null);
  if (answer.status >= 500) throw new Unavailable(what, answer.status);
  return { what, status: answer.status, headers: answer.headers, content };
}
