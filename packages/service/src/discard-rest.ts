import type { IncomingMessage } from "node:http";

/** How much of a body that nobody reads is let through, and for how long, before its connection is cut. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 3_000;

/**
 * Reads on what an answer did not wait for. A connection that is closed with bytes unread is reset, and the sender
 * would lose the answer that says why; one that has not ended soon after its answer is cut.
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
