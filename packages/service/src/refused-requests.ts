import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { discardRest } from "./discard-rest.ts";
import { problemOf, type Problem, type ProblemCode } from "@fio/contracts";

/** The headers and the text of an answer with this problem. */
export type AnswerOf = (problem: Problem) => { headers: Readonly<Record<string, string>>; text: string };

export const problemAnswer: AnswerOf = (problem) => ({
  headers: { "Content-Type": "application/problem+json; charset=utf-8" },
  text: JSON.stringify(problem),
});

/** How long an answer may take to leave a connection that is then cut. */
const LINGER_MS = 500;

/**
 * Answers requests that Node would answer with a bare status, or drop silently: requests that its parser refuses, that
 * take too long to arrive, that name no host or ask for a tunnel. What came too slowly gets 503 and never 408:
 * senders of webhooks give up on a 4xx. The returned function says whether the app may have a request.
 */
export function handleRefusedRequests({
  server,
  answerOf,
  onRefused,
}: {
  server: Server;
  answerOf: AnswerOf;
  onRefused: (code: ProblemCode) => void;
}): (request: IncomingMessage, response: ServerResponse) => boolean {
  const unanswered = new WeakMap<Duplex, Set<ServerResponse>>();
  const ended = new WeakSet<Duplex>();

  const note = (request: IncomingMessage, response: ServerResponse): void => {
    const own = unanswered.get(request.socket) ?? new Set();
    unanswered.set(request.socket, own.add(response));
    response.on("close", () => own.delete(response));
    response.on("finish", () => discardRest(request));
  };

  const answer = (response: ServerResponse, problem: Problem): void => {
    onRefused(problem.code);
    const { headers, text } = answerOf(problem);
    response.writeHead(problem.status, { ...headers, "Content-Length": Buffer.byteLength(text) }).end(text);
  };

  /** For a connection on which no response can be written any more. */
  const answerAndCut = (socket: Duplex, problem: Problem): void => {
    // The parser reports more errors after its first one.
    if (ended.has(socket)) return;
    ended.add(socket);
    // Browsers open connections ahead of their requests: an answer on those would answer nothing.
    const silent = "bytesRead" in socket && socket.bytesRead === 0;
    if (!socket.writable || silent || mayBeMistaken(unanswered.get(socket))) {
      socket.destroy();
      return;
    }
    onRefused(problem.code);
    socket.end(rawAnswer(problem, answerOf(problem)));
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once("close", () => clearTimeout(timer)).resume();
  };

  server.on("clientError", (error: Error, socket) => {
    const problem = problemOfError(error);
    if (problem === null) socket.destroy();
    else answerAndCut(socket, problem);
  });
  server.on("connect", (_request, socket) => {
    answerAndCut(socket, problemOf("MALFORMED_REQUEST", { detail: "CONNECT is not supported" }));
  });
  server.on("checkExpectation", (request, response) => {
    note(request, response);
    answer(response, problemOf("EXPECTATION_FAILED", { detail: "use 100-continue, or no Expect header" }));
  });
  return (request, response) => {
    note(request, response);
    const hosts = countHosts(request.rawHeaders);
    if (hosts === 1 || (hosts === 0 && request.httpVersion === "1.0")) return true;
    answer(response, problemOf("MALFORMED_REQUEST", { detail: "exactly one Host header is required" }));
    return false;
  };
}

/** Names and values in turn. `headersDistinct` would say it too, and sort all the other headers for it. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts;
}

/**
 * Whether a sender would mistake the answer for that of another request: one that has arrived and is being handled
 * (requests can be pipelined), or one whose answer has begun. Such a connection is only cut.
 */
const mayBeMistaken = (open: ReadonlySet<ServerResponse> | undefined): boolean =>
  [...(open ?? [])].some(({ req, headersSent }) => req.complete || headersSent);

/**
 * `null` for a connection that broke, on which nobody is left to answer. It may have been ended by whatever a body failed with, as by
 * a `DOMException`, whose code is a number.
 */
function problemOfError({ code, message }: Error & { code?: unknown }): Problem | null {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problemOf("TOO_SLOW");
    case "HPE_HEADER_OVERFLOW":
      return problemOf("HEADERS_TOO_LARGE");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return problemOf("BODY_TOO_LARGE", { detail: "the extensions of a chunk are too large" });
    default:
      return typeof code === "string" && code.startsWith("HPE_")
        ? problemOf("MALFORMED_REQUEST", { detail: message })
        : null;
  }
}

function rawAnswer(problem: Problem, { headers, text }: ReturnType<AnswerOf>): string {
  const all = {
    ...headers,
    ...(problem.status === 503 ? { "Retry-After": "2" } : {}),
    "Content-Length": String(Buffer.byteLength(text)),
    Connection: "close",
    Date: new Date().toUTCString(),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join("")}\r\n${text}`;
}
