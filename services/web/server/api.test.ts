import { expect, test } from "vitest";
import { createApi, queryOf } from "./api.ts";

const PREV = '</conversations/a/?limit=2&before=x%3D>; rel="prev"';
const NEXT = '</conversations/a/?limit=2&after=y>; rel="next"';

test.each([
  [null, null, null],
  ["", null, null],
  [PREV, "limit=2&before=x%3D", null],
  [NEXT, null, "limit=2&after=y"],
  [`${PREV}, ${NEXT}`, "limit=2&before=x%3D", "limit=2&after=y"],
  [`${NEXT}, ${PREV}`, "limit=2&before=x%3D", "limit=2&after=y"],
  ["</search>; rel=next", null, null],
  ["</search?q=a,b;c>; rel=next", null, "q=a,b;c"],
])("the link %j leads back to %j and on to %j", (link, prev, next) => {
  expect([queryOf(link, "prev"), queryOf(link, "next")]).toEqual([prev, next]);
});

test("a thread is asked for around a message or at a time, and then by the links that it gave", async () => {
  const asked: string[] = [];
  const api = createApi({
    url: "http://api",
    token: undefined,
    call: (url) => {
      asked.push((url as string).slice("http://api".length));
      return Promise.resolve(Response.json({}, { headers: { Link: `${PREV}, ${NEXT}` } }));
    },
  });
  const read = await api.conversation("a", { page: null, limit: 2, around: "m" });
  if (read.kind !== "ok") throw new Error(read.kind);
  await api.conversation("a", { page: null, limit: 2, at: "2025-02-21-03:00" });
  await api.conversation("a", { page: read.prev, limit: 2 });
  await api.conversation("a", { page: read.next, limit: 2 });
  await api.conversation("a", { page: null, limit: 2 });
  expect(asked).toEqual([
    "/conversations/a/?limit=2&around=m",
    "/conversations/a/?limit=2&at=2025-02-21-03%3A00",
    "/conversations/a/?limit=2&before=x%3D",
    "/conversations/a/?limit=2&after=y",
    "/conversations/a/?limit=2",
  ]);
});

test("a search is asked for with its filters, and then by the links that it gave, which hold them", async () => {
  const asked: string[] = [];
  const api = createApi({
    url: "http://api",
    token: undefined,
    call: (url) => {
      asked.push((url as string).slice("http://api".length));
      const link =
        '</search?q=x&group=conversation&cursor=a>; rel="next", </search?q=x&kind=conversation&cursor=b>; rel="related"';
      return Promise.resolve(Response.json([], { headers: { Link: link } }));
    },
  });
  const read = await api.search({
    q: "x",
    page: null,
    filters: { group: "conversation", from: "2025-02-21-03:00" },
  });
  if (read.kind !== "ok") throw new Error(read.kind);
  await api.search({ q: "x", page: read.next });
  await api.search({ q: "x", page: read.related });
  expect(asked).toEqual([
    "/search?q=x&limit=50&group=conversation&from=2025-02-21-03%3A00",
    "/search?q=x&group=conversation&cursor=a",
    "/search?q=x&kind=conversation&cursor=b",
  ]);
});
