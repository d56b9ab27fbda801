import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { problemOf, type Problem } from "@fio/contracts";
import type { Log } from "./log.ts";

/** Answers with a problem; `retryAfter` in seconds. */
export function sendProblem(
  response: Response,
  problem: Problem,
  { retryAfter }: { retryAfter?: number } = {},
): void {
  if (retryAfter !== undefined) response.set("Retry-After", String(retryAfter));
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

/** The last route: no other matched. */
export const noSuchRoute: RequestHandler = (request, response) => {
  sendProblem(response, problemOf("NOT_FOUND", { detail: `${request.method} ${request.path}` }));
};

/** For a path that exists: any method that is not among `allowed`. */
export const onlyMethods =
  (...allowed: string[]): RequestHandler =>
  (request, response) => {
    response.set("Allow", allowed.join(", "));
    sendProblem(
      response,
      problemOf("METHOD_NOT_ALLOWED", { detail: `${request.method}: use ${allowed.join(", ")}` }),
    );
  };

/** An expected refusal that is thrown where a value cannot be returned, e.g. in a body parser. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly retryAfter: number | undefined;
  constructor(problem: Problem, { retryAfter }: { retryAfter?: number } = {}) {
    super(problem.title);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The one error handler. `translate` turns errors of the service's libraries into problems, or gives `null`. */
export function errorHandler({
  log,
  translate = () => null,
}: {
  log: Log;
  translate?: (error: unknown) => ProblemError | null;
}): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = error instanceof ProblemError ? error : (translate(error) ?? translateHttp(error));
    if (known !== null) {
      sendProblem(
        response,
        known.problem,
        known.retryAfter === undefined ? {} : { retryAfter: known.retryAfter },
      );
      return;
    }
    log.error({ err: error, method: request.method, path: request.path }, "request failed");
    sendProblem(response, problemOf("INTERNAL_ERROR"));
  };
}

/** What Express itself refuses: a path that cannot be decoded. */
function translateHttp(error: unknown): ProblemError | null {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (status !== 400) return null;
  return new ProblemError(
    problemOf("INVALID_PARAMETER", { errors: [{ path: "path", message: "cannot be decoded" }] }),
  );
}
