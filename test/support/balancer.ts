import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What stands before several processes of one part: each request goes to the next that takes it. */
export type Balancer = { url: string; close: () => Promise<void> };

/**
 * A process that is closed, closes the connection before it answers, or answers 503 (it is not ready yet) is passed over;
 * 502 when all are.
 */
export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await buffer(incoming);
      turn += 1;
      for (let tries = 0; tries < targets.length * 2; tries += 1) {
        const answer = await ask(targets[(turn + tries) % targets.length] ?? "", incoming, body);
        if (answer === null) continue;
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      outgoing.writeHead(502).end();
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ask(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<IncomingMessage | null>((resolve) => {
    // A connection for each: one that is kept may be closed just when it is used again.
    const outgoing = request(`${target}${url}`, { method, headers, agent: false }, (answer) => {
      if (answer.statusCode !== 503) resolve(answer);
      else answer.resume().on("end", () => resolve(null));
    });
    outgoing.on("error", () => resolve(null));
    outgoing.end(body);
  });
}
