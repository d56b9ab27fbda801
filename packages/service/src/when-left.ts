import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Calls `end` once, when the answer is out or nobody is left to read it. The response alone does not tell: one that
 * stands behind another on its connection (requests can be sent ahead) hears nothing of the connection's end.
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
  // Each request that was sent ahead listens: there may be many.
  socket.setMaxListeners(0);
  socket.on("close", once);
  response.on("close", once);
}
