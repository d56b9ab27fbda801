import { Router, type Request } from "express";
import { problemOf } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import { onlyMethods } from "@fio/service/http";
import type { Log } from "@fio/service/log";
import { readBody } from "@fio/service/read-body";
import type { Verifier } from "@fio/service/signature";
import type { Ledger } from "./ledger.ts";
import type { Lanes } from "./lanes.ts";
import { readParcel } from "./parcel.ts";

const MAX_BYTES = 512 * 1024;
const RETRY_SECONDS = 2;

/** `POST /deliveries`: what agents wrote, from Fio. A 2xx means that it is on Redis' disk, and how often it comes matters not. */
export function createDoor({
  numbers,
  verifier,
  budget,
  clientOf,
  ledger,
  lanes,
  log,
  now,
}: {
  numbers: readonly string[];
  verifier: Verifier;
  budget: BodyBudget;
  clientOf: ClientAddress;
  ledger: Ledger;
  lanes: Lanes;
  log: Log;
  now: () => number;
}): Router {
  const react = async (request: Request): Promise<Reaction> => {
    const { headers } = request;
    const unsigned = verifier.checkHeaders(headers, now());
    if (unsigned !== null) return refused(401, "SIGNATURE_INVALID", unsigned);
    const body = await readBody(request, { maxBytes: MAX_BYTES, budget, client: clientOf(request) });
    if (body.kind === "gone") return body;
    if (body.kind === "refused") {
      const { problem, retryAfter } = body;
      return refused(problem.status, problem.code, problem.title, retryAfter);
    }
    const signature = verifier.check(headers, body.bytes, now());
    if (signature.kind === "wrong") return refused(401, "SIGNATURE_INVALID", signature.detail);
    const read = readParcel(body.bytes, { id: String(headers["webhook-id"]), numbers });
    if (read.kind === "refused") return refused(read.status, read.code, read.message);
    const { number, parcel } = read;
    try {
      if (await ledger.take(parcel.id, parcel.conversation, now())) await lanes.add(number, parcel);
      return { kind: "kept" };
    } catch (error) {
      log.debug({ err: error, message: parcel.id }, "a delivery could not be kept");
      const { status, code, title } = problemOf("QUEUE_UNAVAILABLE");
      return refused(status, code, title, RETRY_SECONDS);
    }
  };

  const router = Router();
  router
    .route("/deliveries")
    .post(async (request, response) => {
      const reaction = await react(request);
      if (reaction.kind === "gone") return;
      if (reaction.kind === "kept") {
        response.status(202).json({ status: "accepted" });
        return;
      }
      const { status, code, message, retryAfter } = reaction;
      if (retryAfter !== undefined) response.set("Retry-After", String(retryAfter));
      response.status(status).json({ error: { code, message } });
    })
    .all(onlyMethods("POST"));
  return router;
}

/** `gone`: nobody is left to answer. */
type Reaction =
  | { kind: "kept" }
  | { kind: "gone" }
  | { kind: "refused"; status: number; code: string; message: string; retryAfter?: number | undefined };

const refused = (status: number, code: string, message: string, retryAfter?: number): Reaction => ({
  kind: "refused",
  ...{ status, code, message, retryAfter },
});
