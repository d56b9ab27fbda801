import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessageToSend } from "@fio/contracts";
import { createVerifier } from "@fio/service/signature";

/** One message, once: a receiver that honours ids drops repetitions. */
export type Received = { id: string; body: MessageToSend; copies: number };

/**
 * What it does with a request: answers with a status, keeps it waiting for ever, or cuts the connection. `takes`: whether
 * it has the message all the same; a 2xx always does.
 */
export type Doing =
  | { status: number; headers?: Record<string, string>; body?: string; takes?: boolean; cutIn?: boolean }
  | { hang: true; takes?: boolean }
  | { cut: true; takes?: boolean };

export type Receiver = {
  url: string;
  /** In the order of their first copies. */
  received: () => Received[];
  /** All requests, whatever came of them. */
  requests: () => number;
  /** The most that were under way at one time in one conversation. */
  mostAtOnce: () => number;
  /** Requests whose signature was wrong. */
  unsigned: () => number;
  /** From now on. */
  does: (next: (request: { id: string; nth: number; body: MessageToSend }) => Doing | Promise<Doing>) => void;
  close: () => Promise<void>;
};

const WELL: Doing = { status: 200 };

/** Receives what leaves, as a server on a free port that checks each signature with `keys`. */
export async function startReceiver({
  keys,
  port = 0,
}: {
  keys: readonly Buffer[];
  port?: number;
}): Promise<Receiver> {
  const verifier = createVerifier({ keys });
  const received = new Map<string, Received>();
  const underWay = new Map<string, number>();
  const tries = new Map<string, number>();
  let [requests, most, unsigned] = [0, 0, 0];
  let next: Parameters<Receiver["does"]>[0] = () => WELL;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    if (verifier.check(request.headers, raw, Date.now()).kind === "wrong") {
      unsigned += 1;
      response.writeHead(401).end();
      return;
    }
    requests += 1;
    const id = String(request.headers["webhook-id"]);
    const body = JSON.parse(raw.toString("utf8")) as MessageToSend;
    const conversation = body.data.conversation.id;
    const nth = (tries.get(id) ?? 0) + 1;
    tries.set(id, nth);
    const count = (by: number): number => {
      const now = (underWay.get(conversation) ?? 0) + by;
      underWay.set(conversation, now);
      return now;
    };
    most = Math.max(most, count(1));
    // Whoever sent it may be gone long before it is answered.
    response.once("close", () => count(-1));
    const does = await next({ id, nth, body });
    if (does.takes ?? ("status" in does && does.status < 300)) {
      const known = received.get(id);
      if (known === undefined) received.set(id, { id, body, copies: 1 });
      else known.copies += 1;
    }
    if ("hang" in does) return;
    if ("cut" in does) {
      request.socket.destroy();
      return;
    }
    response.writeHead(does.status, { "content-type": "application/json", ...does.headers });
    if (does.cutIn === true) {
      response.write("{");
      setImmediate(() => request.socket.destroy());
      return;
    }
    response.end(does.body ?? "{}");
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/outbound`,
    received: () => [...received.values()],
    requests: () => requests,
    mostAtOnce: () => most,
    unsigned: () => unsigned,
    does: (doing) => {
      next = doing;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
