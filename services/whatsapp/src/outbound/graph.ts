import { request as plain, type IncomingMessage } from "node:http";
import { request as secure } from "node:https";
import type { TLSSocket } from "node:tls";
import { parsedJson } from "../json.ts";

/** How the Graph API is reached; `sendMs`: how long one request may take. */
export type Graph = { url: string; version: string; token: string; sendMs: number };

/**
 * What came of a request. Between `unreached` and `unanswered` lies whether the message may have arrived: the first never
 * left this machine on a connection that stood, of the second nobody knows.
 */
export type Reply =
  | { kind: "answered"; status: number; body: unknown; retryAfterMs: number | null }
  | { kind: "unreached"; reason: string }
  | { kind: "unanswered"; reason: string };

const MOST_BYTES = 256 * 1024;

/**
 * One request to the Graph API, on a connection of its own: one that was kept may have been ended by the other side just now,
 * and whether it took the message would not be known. Never throws.
 */
export function callGraph(
  { url, version, token, sendMs }: Graph,
  path: string,
  { body }: { body?: object } = {},
): Promise<Reply> {
  const target = new URL(`${url}/${version}/${path}`);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    let connected = false;
    const failed = (error: Error): void => {
      const reason = reasonOf(error);
      resolve(connected ? { kind: "unanswered", reason } : { kind: "unreached", reason });
    };
    const call = (target.protocol === "https:" ? secure : plain)(
      target,
      {
        method: payload === undefined ? "GET" : "POST",
        agent: false,
        signal: AbortSignal.timeout(sendMs),
        headers: {
          Authorization: `Bearer ${token}`,
          ...(payload === undefined
            ? {}
            : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) }),
        },
      },
      (response) => {
        read(response).then((text) => {
          resolve({
            kind: "answered",
            status: response.statusCode ?? 0,
            // `undefined` where a proxy on the way has answered, or it was cut.
            body: parsedJson(text),
            retryAfterMs: retryAfter(response.headers["retry-after"]),
          });
        }, failed);
      },
    );
    call.on("error", failed);
    call.on("socket", (socket) => {
      const event = (socket as Partial<TLSSocket>).encrypted === true ? "secureConnect" : "connect";
      // Nothing is written before: until then the other side has nothing.
      socket.once(event, () => {
        connected = true;
      });
    });
    call.end(payload);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const retryAfter = (given: string | undefined): number | null =>
  given !== undefined && /^\d{1,5}$/.test(given) ? Number(given) * 1_000 : null;

/** `ECONNREFUSED` and its like; without an address, since it goes to agents. */
function reasonOf(error: Error): string {
  if (error.name === "AbortError" || error.name === "TimeoutError") return "time-out";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
