import type { AddressInfo } from "node:net";
import { createServer, type RequestListener, type Server } from "node:http";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { problemOf, type Problem } from "@fio/contracts";
import { SettingError } from "./env.ts";
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

/** The last route: what no other took. */
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

export type Listening = { url: string; port: number; server: Server; close: () => Promise<void> };

/** How long answers under way may take once the server closes; what is left is cut. */
const CLOSE_LIMIT_MS = 5_000;

/**
 * Listens; `close` takes no new connections, lets the answers under way go out (5 s at most) and then resolves.
 * Throws {@link SettingError} for a port that is taken.
 */
export async function listen(
  app: RequestListener,
  { host, port, setting }: { host: string; port: number; setting: string },
): Promise<Listening> {
  let closing = false;
  const server = createServer((request, response) => {
    if (closing) response.setHeader("Connection", "close");
    app(request, response);
  });
  // A proxy in front keeps its connections longer than Node's 5 s, and would send into one that is just closing.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(
        taken
          ? new SettingError(`${setting}: port ${port} on ${host} cannot be had (${error.code}); set another`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      closing = true;
      // A connection whose last answer was under way stays open for its keep-alive time unless it is closed then.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
      server.close(() => {
        clearInterval(sweep);
        clearTimeout(limit);
        resolve();
      });
    });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    server,
    close,
  };
}
