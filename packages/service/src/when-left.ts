import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Calls `end` once, when the answer is out or nobody is left to read it. The response alone does not report it: one
 * that is queued behind another on its connection (requests can be pipelined) gets no event when the connection ends.
 */
export function whenLeft(
  { socket }: Pick<IncomingMessage, "socket">,
  response: ServerResponse,
  end: () => void,
): void {
  let ended = false;
  const once = (): void => {
    socket.off("close", once);
    response.off("close", once);
    if (ended) return;
    ended = true;
    end();
  };
  if (socket.destroyed) {
    once();
    return;
  }
  // Each pipelined request adds a listener: there may be many.
  socket.setMaxListeners(0);
  socket.on("close", once);
  response.on("close", once);
}
