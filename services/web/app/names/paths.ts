/** Stands for a conversation that is not begun: in its address, and for its draft. It gets an id with its first message. */
export const NEW = "new";

/** The pages and what they load: every path of the app is built here. */
export const PATHS = {
  home: "/",
  conversations: "/conversations",
  begin: `/conversations/${NEW}`,
  rejections: "/rejections",
  undelivered: "/rejections/undelivered",
  search: "/search",
  go: "/go",
  preferences: "/preferences",
  account: "/account",
  agents: "/admin/agents",
  audit: "/admin/audit",
  signIn: "/sign-in",
  code: "/sign-in/code",
  oidc: "/sign-in/oidc",
  oidcCallback: "/sign-in/oidc/callback",
  welcome: "/welcome",
} as const;

/** The page to sign in on, which leads back to where it was asked for. `again`: what was begun took too long. */
export const signInPath = (back: string, { again = false } = {}): string =>
  withQuery(PATHS.signIn, { back: back === PATHS.home ? null : back, again: again ? "code" : null });

/** The page that asks for the code of the second factor. */
export const codePath = (back: string): string =>
  withQuery(PATHS.code, { back: back === PATHS.home ? null : back });

/** Where the way by an issuer begins. It is no page of the app: the browser goes there by itself. */
export const oidcPath = (back: string): string =>
  withQuery(PATHS.oidc, { back: back === PATHS.home ? null : back });

/** The filter that an address leaves out. */
const USUAL_FILTER = "open";

type Query = Record<string, string | null | undefined>;

/** A path with what is asked of it; what is absent or empty is left out. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(
    (each): each is [string, string] => each[1] !== undefined && each[1] !== null && each[1] !== "",
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** The list that the address of a page keeps beside what it shows. */
export const stateQuery = (filter: string | undefined): Query => ({
  state: filter === USUAL_FILTER ? undefined : filter,
});

/** The list alone, where `page` is the query of a later page. */
export const listPath = ({ filter, page }: { filter?: string; page?: string } = {}): string =>
  withQuery(PATHS.home, { ...stateQuery(filter), page });

/** A conversation beside the list of a filter, at one of its messages, where `q` was found. */
export const conversationPath = (
  id: string,
  { filter, message, q }: { filter?: string; message?: string | undefined; q?: string | undefined } = {},
): string => withQuery(`${PATHS.conversations}/${id}`, { ...stateQuery(filter), message, q });

export const isConversationPath = (pathname: string): boolean => conversationIn(pathname) !== null;

/** The conversation that a path shows. */
export const conversationIn = (pathname: string): string | null =>
  /^\/conversations\/([^/]+)/.exec(pathname)?.[1] ?? null;

/** What the browser reads beside the pages. */
export const dataPath = {
  conversations: (query: Query): string => withQuery("/data/conversations", query),
  opening: (id: string): string => `/data/conversations/${id}/opening`,
  messages: (id: string, query: Query = {}): string => withQuery(`/data/conversations/${id}/messages`, query),
  contact: (query: Query): string => withQuery("/data/contacts", query),
  history: (id: string, query: Query = {}): string => withQuery(`/data/conversations/${id}/events`, query),
  presence: (id: string): string => `/data/conversations/${id}/presence`,
  rejections: (query: string): string => `/data/rejections?${query}`,
  rejection: (receipt: string, query: Query): string => withQuery(`/data/rejections/${receipt}`, query),
  seeTo: "/data/rejections",
  deliveries: "/data/deliveries",
  agents: "/data/agents",
  search: (query: Query): string => withQuery("/data/search", query),
  erasures: (query: Query): string => withQuery("/data/erasures", query),
  events: "/data/events",
  event: (type: string, id: string): string => `/data/events/${type}/${id}`,
};
