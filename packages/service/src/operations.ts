import { dirname } from "node:path";
import { createRequire } from "node:module";
import express, { Router, type Response } from "express";
import type { Registry } from "prom-client";
import { noSuchRoute, onlyMethods } from "./http.ts";
import { listen } from "./listen.ts";

/** `null` when all is well, else why the service is not ready, in one line. */
export type Readiness = () => Promise<string | null>;

/** What `/metrics` shows: a registry, or the sum of several. */
export type Exposed = Pick<Registry, "contentType" | "metrics">;

export type Operations = {
  ready: Readiness;
  registry: Exposed;
  /** Left out where there is no API to document. */
  openapi?: () => object;
};

/**
 * What the service's own port answers beside its work: everything of {@link operationsRouter}, or `/healthz` and `/readyz`
 * alone where the rest has a port of its own, see {@link listenApart}.
 */
export const ownOperations = (operations: Operations, { apart }: { apart: boolean }): Router =>
  apart ? healthRouter(operations) : operationsRouter(operations);

/** Metrics and documentation on `OPERATIONS_PORT`, where that is set: nothing that is published needs to show them. */
export async function listenApart(
  operations: Operations,
  { host, port }: { host: string; port: number | undefined },
): Promise<{ close: () => Promise<void> }> {
  if (port === undefined) return { close: () => Promise.resolve() };
  const app = express();
  app.disable("x-powered-by");
  app.use(operationsRouter(operations));
  app.use(noSuchRoute);
  return listen(app, { host, port, setting: "OPERATIONS_PORT" });
}

type Get = (path: string, answer: (response: Response) => Promise<void> | void) => void;

const getOn =
  (router: Router): Get =>
  (path, answer) => {
    router
      .route(path)
      .get((_request, response) => answer(response))
      .all(onlyMethods("GET", "HEAD"));
  };

function healthRouter({ ready }: { ready: Readiness }): Router {
  const router = Router();
  const get = getOn(router);
  get("/healthz", (response) => {
    response.json({ status: "ok" });
  });
  get("/readyz", async (response) => {
    const fault = await ready();
    response
      .status(fault === null ? 200 : 503)
      .json(fault === null ? { status: "ready" } : { status: "not ready", detail: fault });
  });
  return router;
}

/** `/healthz`, `/readyz`, `/metrics` and, for an API, `/openapi.json` and `/docs`, the same on every service. */
function operationsRouter({ ready, registry, openapi }: Operations): Router {
  const router = Router();
  const get = getOn(router);
  router.use(healthRouter({ ready }));
  get("/metrics", async (response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  if (openapi !== undefined) addDocumentation(router, openapi);
  return router;
}

function addDocumentation(router: Router, openapi: () => object): void {
  const get = getOn(router);
  get("/openapi.json", (response) => {
    response.json(openapi());
  });
  get("/docs", (response) => {
    response.type("html").send(DOCS);
  });
  get("/docs/start.js", (response) => {
    response
      .type("js")
      .send(`SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true });`);
  });
  router.use(
    "/docs",
    express.static(dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json")), {
      index: false,
    }),
  );
}

const DOCS = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Fio: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
