import type { IncomingMessage } from "node:http";

/** How much of a body that nobody reads is let through, and for how long, before its connection is cut. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 3_000;

/**
 * Reads and drops the rest of a body that was answered early. Closing a connection with unread bytes resets it, and the
 * sender would lose the answer; a body that has not ended soon after its answer is cut.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let discarded = 0;
  const timer = setTimeout(() => request.destroy(), MAX_MS);
  request.once("close", () => clearTimeout(timer)).once("end", () => clearTimeout(timer));
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_BYTES) request.destroy();
  });
}
