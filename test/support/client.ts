import type { Conversation, ConversationRow, EventOutcome, HistoryEntry, Rejection } from "@fio/contracts";

/** An answer as a test looks at it; `body` is parsed JSON, or the text of anything else. */
export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body };

/** Sends a request and reads the answer whole. */
export async function request<Body = Record<string, unknown>>(
  url: string,
  { body, headers = {}, method = body === undefined ? "GET" : "POST", limitMs = 40_000 }: RequestOptions = {},
): Promise<Answer<Body>> {
  const answer = await fetch(url, {
    method,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await answer.text();
  const json = /json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, headers: answer.headers, body: (json ? JSON.parse(text) : text) as Body };
}

type RequestOptions = {
  /** Sent as it is when it is text, as JSON otherwise. */
  body?: unknown;
  headers?: Record<string, string>;
  method?: string;
  limitMs?: number;
};

/** Both services as their users see them. `headers` go with every request. */
export function clientOf(
  { ingestUrl, apiUrl }: { ingestUrl: string; apiUrl: string },
  headers: Record<string, string> = {},
) {
  const get = <Body>(path: string) => request<Body>(`${apiUrl}${path}`, { headers });
  return {
    /** Posts one event or an array; `wait` asks for the outcome, in seconds. */
    post: (body: unknown, { wait }: { wait?: number } = {}) =>
      request(`${ingestUrl}/webhook/`, {
        body,
        headers: wait === undefined ? headers : { ...headers, prefer: `wait=${wait}` },
      }),
    get,
    conversation: (id: string, query = "") => get<Conversation>(`/conversations/${id}/${query}`),
    conversations: (query = "") => get<ConversationRow[]>(`/conversations/${query}`),
    history: (id: string) => get<HistoryEntry[]>(`/conversations/${id}/events`),
    event: (type: string, id: string) => get<EventOutcome>(`/events/${type}/${id}`),
    rejections: (query = "") => get<Rejection[]>(`/rejections${query}`),
  };
}
export type Client = ReturnType<typeof clientOf>;
