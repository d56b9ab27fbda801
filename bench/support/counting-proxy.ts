import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer as it went over the network. */
export type Passed = { path: string; type: string; encoding: string; bytes: number };

/**
 * Passes HTTP on and counts the bytes of every answer's body, compressed as they travel: what the page, its workers
 * and its preloads ask for alike.
 */
export async function countingProxy(target: string): Promise<{
  port: number;
  passed: Passed[];
  close: () => void;
}> {
  const { hostname, port } = new URL(target);
  const passed: Passed[] = [];
  const header = (answer: IncomingMessage, name: string): string => String(answer.headers[name] ?? "");
  const server = createServer((asked, reply) => {
    const onward = request(
      { hostname, port, path: asked.url, method: asked.method, headers: asked.headers },
      (answer) => {
        const one: Passed = {
          path: asked.url ?? "",
          type: header(answer, "content-type"),
          encoding: header(answer, "content-encoding"),
          bytes: 0,
        };
        passed.push(one);
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on("data", (chunk: Buffer) => (one.bytes += chunk.length));
        answer.pipe(reply);
      },
    );
    onward.on("error", () => reply.destroy());
    reply.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
