import express, { type Express, type Router } from "express";
import { errorHandler, noSuchRoute } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import { ownOperations, type Operations } from "@fio/service/operations";

/** The HTTP edge: `routes` are what each side answers, beside health, readiness and metrics. */
export function createApp({
  routes,
  operations,
  operationsApart,
  log,
}: {
  routes: readonly Router[];
  operations: Operations;
  /** Whether metrics have a port of their own. */
  operationsApart: boolean;
  log: Log;
}): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  for (const router of routes) app.use(router);
  app.use(ownOperations(operations, { apart: operationsApart }));
  app.use(noSuchRoute);
  app.use(errorHandler({ log }));
  return app;
}
