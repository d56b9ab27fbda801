import { Router, type RequestHandler } from "express";
import { problemOf, type Problem } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import { onlyMethods, sendProblem } from "@fio/service/http";
import { readBody } from "@fio/service/read-body";
import type { Provider } from "../providers/provider.ts";
import type { InboundMetrics } from "./metrics.ts";
import type { Inbox } from "./queue/inbox.ts";
import { split } from "./reading/split.ts";

export type InboundRoutes = {
  providers: readonly Provider[];
  verify: (query: URLSearchParams) => string | null;
  inbox: Inbox;
  /** Why nothing is taken right now; `null` when it is. */
  refusal: () => Problem | null;
  budget: BodyBudget;
  clientOf: ClientAddress;
  maxBytes: number;
  /** As providers call us, for those that sign it. */
  publicUrl: string | null;
  metrics: InboundMetrics;
  now: () => number;
};

const RETRY_SECONDS = 5;

/** `/whatsapp/{provider}`: 200 once all that it holds is on disk. */
export function inboundRoutes(given: InboundRoutes): Router {
  const router = Router();
  for (const provider of given.providers) {
    router
      .route(`/whatsapp/${provider.name}`)
      .get(provider.name === "meta" ? verification(given) : onlyMethods("POST"))
      .post(webhook(provider, given))
      .all(onlyMethods("GET", "POST"));
  }
  return router;
}

const verification =
  ({ verify }: InboundRoutes): RequestHandler =>
  (request, response) => {
    const challenge = verify(new URL(request.originalUrl, "http://here").searchParams);
    if (challenge === null) {
      sendProblem(response, problemOf("SIGNATURE_INVALID", { detail: "hub.verify_token is not ours" }));
      return;
    }
    response.type("text/plain").send(challenge);
  };

function webhook(
  provider: Provider,
  { inbox, refusal, budget, clientOf, maxBytes, publicUrl, metrics, now }: InboundRoutes,
): RequestHandler {
  return async (request, response) => {
    const began = performance.now();
    const refuse = (problem: Problem, more: { retryAfter?: number } = {}): void => {
      metrics.refused.inc({ code: problem.code });
      sendProblem(response, problem, more);
    };
    const closed = refusal();
    if (closed !== null) {
      refuse(closed, { retryAfter: RETRY_SECONDS });
      return;
    }
    const body = await readBody(request, { maxBytes, budget, client: clientOf(request) });
    if (body.kind === "gone") return;
    if (body.kind === "refused") {
      refuse(body.problem, body.retryAfter === undefined ? {} : { retryAfter: body.retryAfter });
      return;
    }
    const url = `${publicUrl ?? `http://${request.headers.host ?? ""}`}${request.originalUrl}`;
    const given = { headers: request.headers, body: body.bytes, url };
    const unbelieved = provider.refusal(given);
    if (unbelieved !== null) {
      refuse(problemOf("SIGNATURE_INVALID", { detail: unbelieved }));
      return;
    }
    const changes = provider.read(given);
    if (changes === null) {
      refuse(problemOf("MALFORMED_JSON"));
      return;
    }
    const items = split(changes, now());
    const taken = await inbox(items).then(
      () => true,
      () => false,
    );
    if (!taken) {
      refuse(problemOf("QUEUE_UNAVAILABLE"), { retryAfter: RETRY_SECONDS });
      return;
    }
    metrics.taken.inc({ provider: provider.name }, items.length);
    metrics.takenSeconds.observe((performance.now() - began) / 1_000);
    response.status(200).end();
  };
}
