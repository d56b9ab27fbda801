import express, { type Express, type RequestHandler } from "express";
import type { Registry } from "prom-client";
import type { Receipt } from "@fio/contracts";
import { conversationsOpenApi } from "@fio/contracts/openapi/conversations";
import { createBodyBudget } from "@fio/service/body-budget";
import { errorHandler, noSuchRoute, onlyMethods } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import { ownOperations, type Readiness } from "@fio/service/operations";
import type { Accounts } from "../accounts/accounts.ts";
import type { Replay } from "../replay.ts";
import type { Retry } from "../store/retry-delivery.ts";
import type { Seen } from "../store/seen-deliveries.ts";
import { access } from "./access.ts";
import type { Live } from "./live/live.ts";
import type { Presence } from "./live/presence.ts";
import { watchRequests } from "./metrics.ts";
import { outages } from "./outages.ts";
import type { Reads } from "./reads.ts";
import { contactRoute } from "./routes/contacts.ts";
import { auditRoute, noteRoute } from "./routes/audit.ts";
import { accountsRoute, addAccountRoute, agentsRoute, changeAccountRoute } from "./routes/accounts.ts";
import { countsRoute, historyRoute, listRoute, threadRoute } from "./routes/conversations.ts";
import { deliveriesRoute, retryRoute, seenRoute } from "./routes/deliveries.ts";
import { erasuresRoute } from "./routes/erasures.ts";
import { eventRoute } from "./routes/events.ts";
import {
  beginSecondFactorRoute,
  confirmSecondFactorRoute,
  endSecondFactorRoute,
  secondFactorRoute,
  signInByCodeRoute,
} from "./routes/second-factor.ts";
import { beginOidcRoute, finishOidcRoute } from "./routes/oidc.ts";
import { presenceRoute } from "./routes/presence.ts";
import { rejectionRoute, rejectionsRoute } from "./routes/rejections.ts";
import { replayManyRoute, replayRoute, type ReplayMany } from "./routes/replay.ts";
import { searchRoute } from "./routes/search.ts";
import {
  acceptLinkRoute,
  changePasswordRoute,
  currentRoute,
  endSessionRoute,
  lookUpLinkRoute,
  sessionsRoute,
  signInRoute,
} from "./routes/sessions.ts";
import { sightRoute } from "./routes/sight.ts";
import { streamRoute } from "./routes/stream.ts";
import { settleSight, type AgentsSee } from "./sight.ts";
import { whileSchemaFits } from "./while-schema-fits.ts";

/**
 * The HTTP edge of the read API. `tokens` of `null` lets everyone read; the operations routes are open either way.
 * `now` in milliseconds since 1970.
 */
export function createApi({
  reads,
  accounts,
  live,
  presence,
  replay,
  replayMany,
  retry,
  markSeen,
  tokens,
  agentsSee = "all",
  graceMs,
  ready,
  schemaFault = () => null,
  registry,
  operationsApart = false,
  log,
  now,
  takenUpTo = now,
}: {
  reads: Reads;
  accounts: Accounts;
  live: Live;
  presence: Presence;
  replay: (receipt: Receipt) => Promise<Replay>;
  replayMany: ReplayMany;
  /** Has a message sent once more that was given up. */
  retry: (message: string) => Promise<Retry>;
  markSeen: (message: string) => Promise<Seen>;
  tokens: readonly string[] | null;
  agentsSee?: AgentsSee;
  graceMs: number;
  ready: Readiness;
  /** Why the store's schema does not fit, or `null`. */
  schemaFault?: () => string | null;
  registry: Registry;
  /** Whether metrics and documentation have a port of their own. */
  operationsApart?: boolean;
  log: Log;
  now: () => number;
  /** All that was accepted before this time has been applied: the grace counts by it. */
  takenUpTo?: () => number;
}): Express {
  const reading = { reads, graceMs, now: takenUpTo };
  const watched = watchRequests({ registry, log });

  const app = express();
  app.disable("x-powered-by");
  // What is asked for changes all the time, and whoever keeps it would show what is no more.
  app.disable("etag");
  app.use(ownOperations({ ready, registry, openapi: conversationsOpenApi }, { apart: operationsApart }));
  app.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  app.use(access(tokens));
  app.use(whileSchemaFits(schemaFault));
  app.use(settleSight({ accounts, agentsSee }));

  const get = (path: string, route: RequestHandler): void => {
    app.route(path).get(watched(path), route).all(onlyMethods("GET", "HEAD"));
  };
  get("/conversations", listRoute({ ...reading, accounts }));
  get("/counts", countsRoute(reading));
  get("/conversations/:id", threadRoute(reading));
  get("/conversations/:id/events", historyRoute(reading));
  get("/conversations/:id/sight", sightRoute({ reads }));
  get("/contacts/:channel/:id", contactRoute(reading));
  get("/events/:type/:id", eventRoute(reading));
  get("/erasures", erasuresRoute(reading));
  get("/search", searchRoute(reading));
  get("/deliveries", deliveriesRoute(reading));
  app
    .route("/deliveries/:id/retry")
    .post(watched("/deliveries/:id/retry"), retryRoute({ reads, retry, accounts }))
    .all(onlyMethods("POST"));
  app
    .route("/deliveries/:id/seen")
    .post(watched("/deliveries/:id/seen"), seenRoute({ reads, markSeen, accounts }))
    .all(onlyMethods("POST"));
  get("/rejections", rejectionsRoute(reading));
  app
    .route("/rejections/replay")
    .post(watched("/rejections/replay"), replayManyRoute({ replayMany, now, accounts }))
    .all(onlyMethods("POST"));
  app
    .route("/rejections/:receipt/replay")
    .post(watched("/rejections/:receipt/replay"), replayRoute({ reads, replay, accounts }))
    .all(onlyMethods("POST"));
  get("/rejections/:receipt", rejectionRoute(reading));
  const signingIn = { accounts, budget: createBodyBudget(), log };
  app
    .route("/conversations/:id/presence")
    .post(watched("/conversations/:id/presence"), presenceRoute({ ...signingIn, reads, presence }))
    .all(onlyMethods("POST"));
  app
    .route("/sessions")
    .get(watched("/sessions"), sessionsRoute(signingIn))
    .post(watched("/sessions"), signInRoute(signingIn))
    .all(onlyMethods("GET", "HEAD", "POST"));
  app.route("/sessions/current").get(watched("/sessions/current"), currentRoute(signingIn));
  app
    .route("/sessions/current/password")
    .post(watched("/sessions/current/password"), changePasswordRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sessions/second")
    .post(watched("/sessions/second"), signInByCodeRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sessions/current/second-factor")
    .get(watched("/sessions/current/second-factor"), secondFactorRoute(signingIn))
    .all(onlyMethods("GET", "HEAD"));
  app
    .route("/sessions/current/second-factor/begin")
    .post(watched("/sessions/current/second-factor/begin"), beginSecondFactorRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sessions/current/second-factor/confirm")
    .post(watched("/sessions/current/second-factor/confirm"), confirmSecondFactorRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sessions/current/second-factor/end")
    .post(watched("/sessions/current/second-factor/end"), endSecondFactorRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sessions/:id")
    .delete(watched("/sessions/:id"), endSessionRoute(signingIn))
    .all(onlyMethods("DELETE"));
  app
    .route("/accounts")
    .get(watched("/accounts"), accountsRoute(signingIn))
    .post(watched("/accounts"), addAccountRoute(signingIn))
    .all(onlyMethods("GET", "HEAD", "POST"));
  get("/agents", agentsRoute(signingIn));
  app
    .route("/audit")
    .get(watched("/audit"), auditRoute({ ...signingIn, reads }))
    .post(watched("/audit"), noteRoute(signingIn))
    .all(onlyMethods("GET", "HEAD", "POST"));
  app
    .route("/accounts/:id/:change")
    .post(watched("/accounts/:id/:change"), changeAccountRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sign-in-oidc/begin")
    .post(watched("/sign-in-oidc/begin"), beginOidcRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sign-in-oidc/finish")
    .post(watched("/sign-in-oidc/finish"), finishOidcRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sign-in-links/look-up")
    .post(watched("/sign-in-links/look-up"), lookUpLinkRoute(signingIn))
    .all(onlyMethods("POST"));
  app
    .route("/sign-in-links/accept")
    .post(watched("/sign-in-links/accept"), acceptLinkRoute(signingIn))
    .all(onlyMethods("POST"));
  app.route("/stream").get(streamRoute({ live, reads })).all(onlyMethods("GET", "HEAD"));

  app.use(noSuchRoute);
  app.use(errorHandler({ log, translate: outages({ log, now }) }));
  return app;
}
