import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SettingError } from "./env.ts";
import { messageClasses } from "./message-classes.ts";
import { handleRefusedRequests, problemAnswer, type AnswerOf } from "./refused-requests.ts";

export type Listening = { url: string; port: number; server: Server; close: () => Promise<void> };

/** How long a request may take to arrive. A limit that has passed is noticed at the next check. */
export type TimeLimits = {
  headersMs: number;
  /** From the first byte of the headers to the last of the body. */
  requestMs: number;
  checkedEveryMs: number;
};

export const TIME_LIMITS: TimeLimits = { headersMs: 10_000, requestMs: 30_000, checkedEveryMs: 2_000 };

/** How long answers under way may take once the server closes; what is left is cut. */
const CLOSE_LIMIT_MS = 5_000;

/**
 * Listens; `close` takes no new connections, lets the answers under way go out (5 s at most) and then resolves.
 * `answerOf` writes the answers to requests that the app never sees, `onRefused` is told of them. Throws
 * {@link SettingError} for a port that is taken.
 */
export async function listen(
  app: RequestListener,
  {
    host,
    port,
    setting,
    timeLimits = TIME_LIMITS,
    answerOf = problemAnswer,
    onRefused = () => {},
  }: {
    host: string;
    port: number;
    setting: string;
    timeLimits?: TimeLimits;
    answerOf?: AnswerOf;
    onRefused?: (code: string) => void;
  },
): Promise<Listening> {
  let closing = false;
  const server = createServer({
    ...messageClasses(app),
    headersTimeout: timeLimits.headersMs,
    requestTimeout: timeLimits.requestMs,
    connectionsCheckingInterval: timeLimits.checkedEveryMs,
    // A proxy in front keeps its connections longer than Node's default of 5 s, and would send into one that is just
    // closing.
    keepAliveTimeout: 65_000,
    // handleRefusedRequests checks it, and answers in the service's own format.
    requireHostHeader: false,
  });
  const take = handleRefusedRequests({ server, answerOf, onRefused });
  server.on("request", (request, response) => {
    if (closing) response.setHeader("Connection", "close");
    if (take(request, response)) app(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(cannotListen(error, { host, port, setting }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      closing = true;
      // A connection whose last answer was still being sent would stay open for its keep-alive time: close it
      // afterwards.
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

/** One line for the operator when a setting is the cause. */
function cannotListen(
  error: NodeJS.ErrnoException,
  { host, port, setting }: { host: string; port: number; setting: string },
): Error {
  switch (error.code) {
    case "EADDRINUSE":
    case "EACCES":
      return new SettingError(
        `${setting}: port ${port} on ${host} is not available (${error.code}); choose another`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return new SettingError(
        `HOST: ${host} is not an address of this machine (${error.code}); use 127.0.0.1, or 0.0.0.0 for all of them`,
      );
    default:
      return error;
  }
}
