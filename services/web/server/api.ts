import { SESSION_HEADER } from "@fio/contracts";
import type {
  Contact,
  Conversation,
  ConversationRow,
  Counts,
  ErasedEvent,
  Erasure,
  EventOutcome,
  EventType,
  FailedDelivery,
  HistoryEntry,
  MessageDelivery,
  Problem,
  Receipt,
  Rejection,
  RejectionReason,
  SearchHit,
} from "@fio/contracts";
import { SEARCHED_HEADER } from "@fio/contracts/search";
import { apiHeaders, askApi, type ApiAccess } from "./ask-api.ts";
import { Unavailable } from "./unavailable.ts";

export type Page<Data> = {
  kind: "ok";
  data: Data;
  /** The query of the page that follows, `null` on the last; in a thread that of newer messages. */
  next: string | null;
  /** In a thread the query of the page of older messages, `null` where there are none. */
  prev: string | null;
  /** Of a search: the query of the conversations that it names beyond those shown, `null` when there are no more. */
  related: string | null;
  /** Where the live stream goes on. */
  position: string | null;
  /** Of a search that took too long: the timestamp as far back as it has looked. */
  searched: string | null;
};
export type Read<Data> = Page<Data> | { kind: "refused"; problem: Problem };

/** The read API as an agent asks it. Every call throws {@link Unavailable} when the API does not answer in time or answers 5xx. */
export type Api = ReturnType<typeof createApi>;

/** What a search may be asked with beside its words; the read API says what each may be. */
export const SEARCH_FILTERS = ["kind", "state", "direction", "from", "to", "group"] as const;
export type SearchFilter = (typeof SEARCH_FILTERS)[number];

/** `session`: of the agent who asks; `null` where nobody is signed in. */
export function createApi(access: ApiAccess, session: string | null = null) {
  const asAgent: Record<string, string> = session === null ? {} : { [SESSION_HEADER]: session };

  async function ask<Data>(path: string, asked: { method?: "POST" } = {}): Promise<Read<Data>> {
    const { what, status, headers, content } = await askApi(access, path, {
      ...asked,
      headers: asAgent,
    });
    if (status === 401 || content === null) throw new Unavailable(what, status);
    if (status < 200 || status > 299) return { kind: "refused", problem: content as Problem };
    return {
      kind: "ok",
      data: content as Data,
      next: queryOf(headers.get("link"), "next"),
      prev: queryOf(headers.get("link"), "prev"),
      related: queryOf(headers.get("link"), "related"),
      position: headers.get("x-stream-position"),
      searched: headers.get(SEARCHED_HEADER),
    };
  }

  return {
    /** `page` is the `next` of the page before. */
    conversations: ({
      state,
      waiting = false,
      assigned = null,
      page,
      limit,
    }: {
      state: "OPEN" | "CLOSED" | null;
      /** Only those in which a customer waits, the longest wait first. */
      waiting?: boolean;
      /** Only an agent's, by their id, or `nobody`'s. */
      assigned?: string | null;
      page: string | null;
      limit: number;
    }) => {
      const order = waiting ? { waiting: "true", order: "oldest" } : {};
      const first = query({ state, ...order, assigned, limit: String(limit) });
      return ask<ConversationRow[]>(`/conversations/?${page ?? first}`);
    },
    counts: () => ask<Counts>("/counts"),
    /** The page that `page` names, else the one around a message or at a time, else the latest. */
    conversation: (
      id: string,
      {
        page,
        limit,
        around = null,
        at = null,
      }: { page: string | null; limit: number; around?: string | null; at?: string | null },
    ) => ask<Conversation>(`/conversations/${id}/?${page ?? query({ limit: String(limit), around, at })}`),
    contact: ({ channel, id, page }: { channel: string; id: string; page: string | null }) =>
      ask<Contact>(
        `/contacts/${encodeURIComponent(channel)}/${encodeURIComponent(id)}/?${page ?? query({ limit: "10" })}`,
      ),
    history: (id: string, { page }: { page: string | null }) =>
      ask<HistoryEntry[]>(`/conversations/${id}/events?${page ?? query({ limit: "20" })}`),
    /** For any of these reasons, or all when omitted; the same for every page. */
    rejections: ({
      conversation = null,
      reasons = [],
      unresolved = false,
      page,
    }: {
      conversation?: string | null;
      reasons?: readonly RejectionReason[];
      /** Only what an agent has yet to see to. */
      unresolved?: boolean;
      page: string | null;
    }) => {
      const search = new URLSearchParams(page ?? "limit=50");
      if (conversation !== null) search.set("conversation", conversation);
      search.delete("reason");
      for (const reason of reasons) search.append("reason", reason);
      if (unresolved) search.set("unresolved", "true");
      return ask<Rejection[]>(`/rejections?${search.toString()}`);
    },
    rejection: (receipt: Receipt) => ask<Rejection>(`/rejections/${receipt}`),
    replay: (receipt: Receipt) => ask<unknown>(`/rejections/${receipt}/replay`, { method: "POST" }),
    /** Answers that were given up, latest first; `page` is the `next` of the page before. */
    deliveries: ({ page }: { page: string | null }) =>
      ask<FailedDelivery[]>(`/deliveries?${page ?? query({ limit: "50" })}`),
    /** Has one sent once more. */
    sendAgain: (message: string) => ask<MessageDelivery>(`/deliveries/${message}/retry`, { method: "POST" }),
    /** Has one listed no more. */
    markSeen: (message: string) => ask<MessageDelivery>(`/deliveries/${message}/seen`, { method: "POST" }),
    /** Those that were erased for good since a time, oldest first. */
    erasures: ({ since, page }: { since: string; page: string | null }) =>
      ask<Erasure[]>(`/erasures?${page ?? query({ since, limit: "1000" })}`),
    outcome: (type: EventType, id: string) => ask<EventOutcome | ErasedEvent>(`/events/${type}/${id}`),
    /** `page` is the `next` or `related` of a page before, and holds what that was asked with. */
    search: ({
      q,
      page,
      filters = {},
    }: {
      q: string;
      page: string | null;
      filters?: Partial<Record<SearchFilter, string>>;
    }) => ask<SearchHit[]>(`/search?${page ?? query({ q, limit: "50", ...filters })}`),
    /** The live stream as it comes; it ends with `signal`. */
    stream: async (
      search: string,
      { lastEventId, signal }: { lastEventId: string | null; signal: AbortSignal },
    ) =>
      access
        .call(`${access.url}/stream?${search}`, {
          headers: {
            ...apiHeaders(access.token),
            ...asAgent,
            Accept: "text/event-stream",
            ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }),
          },
          signal,
        })
        .catch((error: unknown) => {
          throw new Unavailable("GET /stream", 503, { cause: error });
        }),
  };
}

const query = (fields: Record<string, string | null | undefined>): string =>
  new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === "string"),
  ).toString();

/** The query of the page that a `Link` header names so: `<…>; rel="prev", <…>; rel="next"`. */
export function queryOf(link: string | null, rel: "next" | "prev" | "related"): string | null {
  const links = (link ?? "").matchAll(/<([^>]*)>\s*;\s*rel="?([a-z]+)"?/g);
  const target = [...links].find(([, , named]) => named === rel)?.[1];
  const search = target === undefined ? null : target.split("?")[1];
  return search === undefined || search === "" ? null : search;
}
