import type { IncomingMessage } from "node:http";
import type { RequestHandler, Response } from "express";
import { problemOf, type Problem } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import { describeError } from "@fio/service/describe-error";
import { sendProblem } from "@fio/service/http";
import { readBody } from "@fio/service/read-body";
import type { Verifier } from "@fio/service/signature";
import { readTraceContext, type TraceContext } from "@fio/service/tracing/trace-context";
import type { Tracing } from "@fio/service/tracing/tracing";
import { whenLeft } from "@fio/service/when-left";
import type { Accept } from "../accept.ts";
import type { Admission } from "../admission.ts";
import { acceptedAnswer, outcomeAnswer, type Answer } from "../answer.ts";
import type { Refusal } from "../backlog.ts";
import { unsupportedMedia } from "../media-type.ts";
import { waitSeconds } from "../prefer.ts";
import { queueUnavailable } from "../unavailable.ts";

export type WebhookDependencies = {
  accept: Accept;
  admission: Admission;
  budget: BodyBudget;
  clientOf: ClientAddress;
  /** `refusal`: why nobody's events are accepted right now. */
  backlog: { refusal: () => Refusal | null };
  verifier: Verifier;
  maxBytes: number;
  tracing: Tracing;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** `applied`: the seconds that were waited for an outcome. `gone`: nobody is left to answer. */
type Reaction =
  | { kind: "answer"; answer: Answer; applied?: number }
  | { kind: "refused"; problem: Problem; retryAfter?: number }
  | { kind: "gone" };

/** `POST /webhook/`. `refused` is told of every refusal that is not thrown. */
export function webhookRoute({
  refused,
  ...dependencies
}: WebhookDependencies & { refused: (problem: Problem) => void }): RequestHandler {
  const answer = (response: Response, reaction: Reaction): void => {
    switch (reaction.kind) {
      case "answer":
        if (reaction.applied !== undefined) response.set("Preference-Applied", `wait=${reaction.applied}`);
        send(response, reaction.answer);
        return;
      case "refused":
        refused(reaction.problem);
        refuse(response, reaction);
        return;
      case "gone":
    }
  };
  return async (request, response) => {
    const parent = readTraceContext(request.headers["traceparent"]);
    const span = dependencies.tracing.begin({ name: "POST /webhook/", kind: "server", parent });
    try {
      const reaction = await react(request, response, dependencies, span.context);
      answer(response, reaction);
      span.end({ facts: { "http.response.status_code": response.statusCode } });
    } catch (error) {
      span.end({ failed: describeError(error) });
      throw error;
    }
  };
}

async function react(
  request: IncomingMessage,
  response: Response,
  { accept, admission, budget, clientOf, backlog, verifier, maxBytes, now }: WebhookDependencies,
  trace: TraceContext | null,
): Promise<Reaction> {
  const arrived = now();
  const { headers } = request;
  const closed = backlog.refusal();
  if (closed !== null) return { kind: "refused", ...closed };
  const unsupported = unsupportedMedia(headers);
  if (unsupported !== null) return { kind: "refused", problem: unsupported };
  // Without a possible signature the body is not read.
  const unsigned = verifier.checkHeaders(headers, arrived);
  if (unsigned !== null) return badSignature(unsigned);
  if (admission.isFull()) throw queueUnavailable("too many requests are waiting");
  const body = await readBody(request, { maxBytes, budget, client: clientOf(request) });
  if (body.kind !== "body") return body;
  const signature = verifier.check(headers, body.bytes, arrived);
  if (signature.kind === "wrong") return badSignature(signature.detail);

  const ticket = admission.enter(body.bytes.length);
  if (ticket === null) throw queueUnavailable("too many requests are waiting");
  const wait = waitSeconds(headers["prefer"]);
  const waiting = wait === null ? null : untilLeft(request, response);
  const acceptance = await accept(body.bytes, { now: arrived, waiting, signer: signature.by, trace }).finally(
    ticket.leave,
  );
  if (acceptance.kind === "refused") return acceptance;
  const { watch } = acceptance;
  if (watch === null || wait === null) return { kind: "answer", answer: acceptedAnswer(acceptance) };
  const replies = await watch.within(wait * 1000 - (now() - arrived));
  return { kind: "answer", answer: outcomeAnswer({ ...acceptance, replies }), applied: wait };
}

const badSignature = (detail: string): Reaction => ({
  kind: "refused",
  problem: problemOf("SIGNATURE_INVALID", { detail }),
});

/** Aborted when the sender has its answer, or has disconnected without one. */
function untilLeft(request: IncomingMessage, response: Response): AbortSignal {
  const left = new AbortController();
  whenLeft(request, response, () => left.abort());
  return left.signal;
}

function refuse(
  response: Response,
  { problem, retryAfter }: { problem: Problem; retryAfter?: number },
): void {
  if (problem.code === "SIGNATURE_INVALID") response.set("WWW-Authenticate", "Webhook-Signature");
  if (problem.code === "UNSUPPORTED_MEDIA_TYPE") response.set("Accept-Encoding", "identity");
  sendProblem(response, problem, retryAfter === undefined ? {} : { retryAfter });
}

function send(response: Response, answer: Answer): void {
  if (answer.kind === "problem") {
    sendProblem(response, answer.problem);
    return;
  }
  // Without Express' json(), which does more than these few bytes need.
  const text = JSON.stringify(answer.body);
  response
    .writeHead(answer.status, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
    })
    .end(text);
}
