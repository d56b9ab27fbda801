import type { IncomingMessage } from "node:http";
import type { RequestHandler, Response } from "express";
import { problemOf, type Problem } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import type { Accept } from "../accept.ts";
import type { Admission } from "../admission.ts";
import { acceptedAnswer, outcomeAnswer, type Answer } from "../answer.ts";
import type { Backlog } from "../backlog.ts";
import { readBody, unsupportedMedia } from "../body.ts";
import { waitSeconds } from "../prefer.ts";
import type { Verify } from "../signature.ts";
import { queueUnavailable } from "../unavailable.ts";

export type WebhookDependencies = {
  accept: Accept;
  admission: Admission;
  backlog: Pick<Backlog, "refusal">;
  verify: Verify;
  maxBytes: number;
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
  return async (request, response) => {
    const reaction = await react(request, response, dependencies);
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
}

async function react(
  request: IncomingMessage,
  response: Response,
  { accept, admission, backlog, verify, maxBytes, now }: WebhookDependencies,
): Promise<Reaction> {
  const arrived = now();
  const closed = backlog.refusal();
  if (closed !== null) return { kind: "refused", ...closed };
  const unsupported = unsupportedMedia(request.headers);
  if (unsupported !== null) return { kind: "refused", problem: unsupported };

  const ticket = admission.enter();
  if (ticket === null) throw queueUnavailable("too many requests are waiting");
  // However it ends: answered, refused, thrown, or broken off by the sender.
  response.once("close", ticket.leave);
  const body = await readBody(request, { maxBytes, hold: ticket.hold });
  if (body.kind !== "body") return body;
  const unsigned = verify(request.headers, body.bytes, arrived);
  if (unsigned !== null) {
    return { kind: "refused", problem: problemOf("SIGNATURE_INVALID", { detail: unsigned }) };
  }

  const wait = waitSeconds(request.headers["prefer"]);
  const acceptance = await accept(body.bytes, { now: arrived, wait: wait !== null });
  ticket.leave();
  if (acceptance.kind === "refused") return acceptance;
  const { watch } = acceptance;
  if (watch === null || wait === null) return { kind: "answer", answer: acceptedAnswer(acceptance) };
  response.once("close", watch.end);
  const replies = await watch.within(wait * 1000 - (now() - arrived));
  return { kind: "answer", answer: outcomeAnswer({ ...acceptance, replies }), applied: wait };
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
  // Not through Express' json(), which does more than these few bytes need.
  const text = JSON.stringify(answer.body);
  response
    .writeHead(answer.status, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
    })
    .end(text);
}
