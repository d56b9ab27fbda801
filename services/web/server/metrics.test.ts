import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";
import { createRouteOf } from "./route-of.ts";

const routeOf = createRouteOf({
  root: { path: "" },
  _shell: { parentId: "root" },
  index: { parentId: "_shell" },
  conversation: { path: "conversations/:id", parentId: "_shell" },
  messages: { path: "data/conversations/:id/messages", parentId: "root" },
  rejections: { path: "rejections", parentId: "_shell" },
  rest: { path: "*", parentId: "_shell" },
});

test.each([
  ["/", "/"],
  ["/?waiting=1", "/"],
  ["/conversations/6a41b347?at=1", "/conversations/:id"],
  ["/conversations/6a41b347/", "/conversations/:id"],
  ["/data/conversations/6a41b347/messages", "/data/conversations/:id/messages"],
  ["/assets/root-4711.js", "/assets/*"],
  ["/wp-login.php", "other"],
  ["/conversations/a/b/c", "other"],
  ["/rejectionsx", "other"],
])("%s is counted as %s: strangers' paths make no labels", (target, route) => {
  expect(routeOf(target)).toBe(route);
});

type Answer = { statusCode?: number; type?: string; headersSent?: boolean };
const answer = ({ statusCode = 200, type = "text/html", headersSent = true }: Answer) =>
  Object.assign(new EventEmitter(), {
    statusCode,
    headersSent,
    getHeader: () => type,
  }) as unknown as ServerResponse;
const asked = (url: string) => ({ url }) as unknown as IncomingMessage;

test("a request is counted when its answer has gone out, a live stream while it lasts", async () => {
  const metrics = createMetrics();
  const text = () => metrics.registry.metrics();
  const stream = answer({ type: "text/event-stream; charset=utf-8" });
  metrics.observe(asked("/rejections"), stream, routeOf);
  const page = answer({ statusCode: 404 });
  metrics.observe(asked("/nowhere"), page, routeOf);
  expect(await text()).toContain("fio_web_stream_clients 1\n");
  expect(await text()).not.toContain('status="404"');
  page.emit("close");
  stream.emit("close");
  const left = answer({ headersSent: false });
  metrics.observe(asked("/"), left, routeOf);
  left.emit("close");
  expect(await text()).toContain('fio_web_requests_total{route="other",status="404"} 1\n');
  expect(await text()).toContain('fio_web_requests_total{route="/",status="0"} 1\n');
  expect(await text()).toContain("fio_web_stream_clients 0\n");
  // How long somebody stays says nothing of how fast the app is.
  expect(await text()).not.toContain('fio_web_request_seconds_count{route="/rejections"}');
});

test("calls that fail are counted by whom they asked, those that the caller ends are not", async () => {
  const metrics = createMetrics();
  const ended = Object.assign(new Error("ended"), { name: "AbortError" });
  const answers: Array<Response | Error> = [
    new Response("", { status: 503 }),
    new TypeError("fetch failed"),
    ended,
    new Response("", { status: 404 }),
  ];
  const call = metrics.counted("api", () => {
    const next = answers.shift()!;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  expect((await call("http://api")).status).toBe(503);
  await expect(call("http://api")).rejects.toThrow("fetch failed");
  await expect(call("http://api")).rejects.toBe(ended);
  expect((await call("http://api")).status).toBe(404);
  const text = await metrics.registry.metrics();
  expect(text).toContain('fio_web_upstream_errors_total{upstream="api"} 2\n');
  expect(text).toContain('fio_web_upstream_errors_total{upstream="ingest"} 0\n');
});
