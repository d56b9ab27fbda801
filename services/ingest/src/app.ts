import express, { type ErrorRequestHandler, type Express } from "express";
import type { Problem } from "@fio/contracts";
import { ProblemError, errorHandler, noSuchRoute, onlyMethods } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import type { Summary } from "@fio/service/summary";
import { ownOperations, type Operations } from "@fio/service/operations";
import type { Metrics } from "./metrics.ts";
import { webhookRoute, type WebhookDependencies } from "./routes/webhook.ts";

/** The HTTP edge of ingest. */
export function createApp({
  operations,
  operationsApart,
  metrics,
  summary,
  log,
  ...webhook
}: WebhookDependencies & {
  operations: Operations;
  /** Whether metrics and documentation have a port of their own. */
  operationsApart: boolean;
  metrics: Metrics;
  summary: Summary;
  log: Log;
}): Express {
  const refused = ({ code, errors }: Pick<Problem, "code" | "errors">): void => {
    metrics.refused.inc({ code });
    summary.add("refused");
    log.debug({ code, faults: errors?.length }, "refused");
  };
  const countThrown: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
    refused(error instanceof ProblemError ? error.problem : { code: "INTERNAL_ERROR" });
    next(error);
  };

  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app
    .route("/webhook")
    .post(webhookRoute({ ...webhook, refused }))
    .all((request, response, next) => {
      refused({ code: "METHOD_NOT_ALLOWED" });
      return onlyMethods("POST")(request, response, next);
    });
  app.use(ownOperations(operations, { apart: operationsApart }));
  app.use((request, response, next) => {
    refused({ code: "NOT_FOUND" });
    return noSuchRoute(request, response, next);
  });
  app.use(countThrown);
  app.use(errorHandler({ log }));
  return app;
}
