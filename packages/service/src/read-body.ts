import type { IncomingMessage } from "node:http";
import { problemOf, type Problem } from "@fio/contracts";
import type { BodyBudget } from "./body-budget.ts";

/** `gone`: the sender disconnected, and nobody is left to answer. `retryAfter` in seconds. */
export type Body =
  | { kind: "body"; bytes: Buffer }
  | { kind: "refused"; problem: Problem; retryAfter?: number }
  | { kind: "gone" };

const RETRY_SECONDS = 2;

/** The raw bytes, at most `maxBytes`; until the body is complete, its size is counted in `budget` for `client`. */
export function readBody(
  request: IncomingMessage,
  { maxBytes, budget, client }: { maxBytes: number; budget: BodyBudget; client: string },
): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve(tooLarge(maxBytes));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (body: Body): void => {
      request.off("data", take).off("end", finish).off("close", leave);
      share?.end();
      resolve(body);
    };
    const share = budget.begin(client, (why) => settle(why === "too slow" ? tooSlow() : noRoom()));
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) settle(tooLarge(maxBytes));
      else if (share?.take(chunk.length) !== true) settle(noRoom());
      else chunks.push(chunk);
    };
    // Nothing follows but "close", which then changes nothing: its listeners need not be taken off.
    const finish = (): void => {
      share?.end();
      resolve({ kind: "body", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    };
    const leave = (): void => settle({ kind: "gone" });
    // "close" reports a sender that disconnects; without a listener its error would end the process.
    request.on("error", () => {});
    if (share === null) settle(noRoom());
    else request.on("data", take).on("end", finish).on("close", leave);
  });
}

/* Functions, since every webhook comes through here and nearly none is refused. */
const tooLarge = (maxBytes: number): Body => ({
  kind: "refused",
  problem: problemOf("BODY_TOO_LARGE", { detail: `the limit is ${maxBytes} bytes` }),
});
const noRoom = (): Body => ({
  kind: "refused",
  problem: problemOf("TOO_MANY_BODIES"),
  retryAfter: RETRY_SECONDS,
});
const tooSlow = (): Body => ({ kind: "refused", problem: problemOf("TOO_SLOW"), retryAfter: RETRY_SECONDS });
