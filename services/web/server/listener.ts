import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import { createRequestListener } from "@remix-run/node-fetch-server";
import type { PageContext } from "../app/server/context.ts";
import sirv from "sirv";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import type { Log } from "@fio/service/log";
import { readBody } from "@fio/service/read-body";
import { compressed } from "./compress.ts";
import { enter } from "./enter.ts";
import { securityHeaders } from "./headers.ts";
import type { Metrics } from "./metrics.ts";
import { ownHost } from "./own-host.ts";
import { MAX_BODY_BYTES, refusalOf, refuse } from "./refusals.ts";
import { createRouteOf } from "./route-of.ts";
import { isSameOrigin } from "./same-origin.ts";

const CLIENT = join(import.meta.dirname, "../build/client");

/** The whole app: files of the build, health, metrics, and every page through Remix. */
export function createListener({
  build,
  mode,
  context,
  budget,
  clientOf,
  publicUrl,
  metrics,
  metricsApart,
  log,
}: {
  build: ServerBuild;
  mode: string;
  context: PageContext;
  budget: BodyBudget;
  clientOf: ClientAddress;
  /** Where agents reach the app; `undefined`: on this machine alone. */
  publicUrl: URL | undefined;
  metrics: Metrics;
  /** Whether they are shown elsewhere, and not here. */
  metricsApart: boolean;
  log: Log;
}): RequestListener {
  const files = sirv(CLIENT, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders: (response, path) => {
      // Only files with a hash in their name never change.
      response.setHeader(
        "Cache-Control",
        path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      );
      response.setHeader("X-Content-Type-Options", "nosniff");
    },
  });
  const handle = createRequestHandler(build, mode);

  const pages = createRequestListener(
    async (request: Request, { address: peer }: { address: string }) => {
      const started = performance.now();
      const nonce = randomBytes(16).toString("base64");
      const answer = async (): Promise<Response> => {
        if (!isSameOrigin(request))
          return new Response("This form was sent from another site.", { status: 403 });
        const entered = await enter(request, { peer, context, clientOf });
        return entered instanceof Response ? entered : handle(request, { ...context, ...entered, nonce });
      };
      const response = await answer();
      for (const [name, value] of Object.entries(securityHeaders({ nonce }))) {
        if (!response.headers.has(name)) response.headers.set(name, value);
      }
      if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store");
      log.debug(
        {
          method: request.method,
          path: new URL(request.url).pathname,
          status: response.status,
          ms: Math.round(performance.now() - started),
        },
        "request",
      );
      return compressed(request, response);
    },
    {
      onError: (error) => {
        const isEnded = error instanceof Error && error.name === "AbortError";
        log[isEnded ? "debug" : "error"]({ err: error }, "request failed");
        return new Response("Internal error. Try again.", {
          status: 500,
          headers: securityHeaders({ nonce: randomBytes(16).toString("base64") }),
        });
      },
    },
  );

  const withBody = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, { maxBytes: MAX_BODY_BYTES, budget, client: clientOf(request) });
    if (body.kind === "body") pages(alreadyRead(request, body.bytes), response);
    else if (body.kind === "refused") refuse(response, body.problem);
  };

  const showMetrics = async (response: ServerResponse): Promise<void> => {
    const text = await metrics.registry.metrics();
    response.writeHead(200, {
      ...securityHeaders({ nonce: "" }),
      "Content-Type": metrics.registry.contentType,
      "Cache-Control": "no-store",
    });
    response.end(text);
  };

  const routeOf = createRouteOf(build.routes);
  const isOwnHost = ownHost(publicUrl);
  return (request, response) => {
    // A browser that has seen it never again asks without TLS.
    if (publicUrl?.protocol === "https:") response.setHeader("Strict-Transport-Security", "max-age=31536000");
    if (request.url === "/healthz" || request.url === "/readyz") {
      // Ready even when an upstream is not: the app's pages say so, which they could not if it were out of service.
      response.writeHead(200, { ...securityHeaders({ nonce: "" }), "Content-Type": "application/json" });
      response.end(JSON.stringify({ status: request.url === "/healthz" ? "ok" : "ready" }));
      return;
    }
    metrics.observe(request, response, routeOf);
    const refused = refusalOf(request, { isOwnHost });
    if (refused !== null) refuse(response, refused);
    else if (request.url === "/metrics" && !metricsApart) void showMetrics(response);
    else if (request.method === "POST") void withBody(request, response);
    else files(request, response, () => pages(request, response));
  };
}

/** The request with its body, which has been read whole and within the limit. */
const alreadyRead = ({ method, url, headers, socket }: IncomingMessage, bytes: Buffer): IncomingMessage =>
  Object.assign(Readable.from([bytes], { objectMode: false }), {
    method,
    url,
    headers,
    socket,
  }) as unknown as IncomingMessage;
