import { connect, type Socket } from "node:net";
import { standardSignature } from "@fio/service/signature";
import { answerIn, type Heard } from "../support/raw.ts";

/** Writes `first`, then `more` every 400 ms for as long as the server takes it; what it said at the end. */
export function dribble(url: string, { first, more = "" }: { first: string; more?: string }): Promise<Heard> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let heard = "";
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(Number(port), hostname, () => {
      socket.write(first);
      // Not before: what is written while the connection opens would come first, and be no request at all.
      timer = setInterval(() => more !== "" && socket.write(more), 400);
    });
    socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
    socket
      .on("error", () => {})
      .on("close", () => {
        clearInterval(timer);
        resolve(answerIn(heard, performance.now() - began));
      });
  });
}

/** Writes chunks of 64 KiB without end; what it was answered, and how many bytes were taken. */
export function endless(url: string, head: string): Promise<Heard & { sent: number }> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536, "x"), Buffer.from("\r\n")]);
  return new Promise((resolve) => {
    let heard = "";
    let sent = 0;
    const socket = connect(Number(port), hostname, () => {
      socket.write(head);
      const write = (): void => {
        if (socket.destroyed) return;
        socket.write(chunk, (error) => {
          if (error !== null && error !== undefined) return;
          sent += chunk.length;
          setImmediate(write);
        });
      };
      write();
    });
    socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
    socket
      .on("error", () => {})
      .on("close", () => resolve({ ...answerIn(heard, performance.now() - began), sent }));
  });
}

const head = (line: string, headers: Record<string, string>): string =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}`;
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
/** Headers that could be right: whether they are is known by the whole body alone. */
const plausible = (): Record<string, string> => ({
  "Content-Type": "application/json",
  ...standardSignature({ key: Buffer.from("wrong"), id: "x", body: "x", now: Date.now() }),
});

export type Slow = { what: string; first: string; more?: string };

/** For each part: headers that never end, a body that stalls, a body of a byte now and then. */
export const slowTo = (part: "ingest" | "web" | "api", token: string): Slow[] => {
  const json = { "Content-Type": "application/json" };
  const [line, headers] = {
    ingest: ["POST /webhook/", plausible()] as const,
    web: ["POST /sign-in", FORM] as const,
    api: ["POST /sessions", { ...json, Authorization: `Bearer ${token}` }] as const,
  }[part];
  const body = head(line, { ...headers, "Content-Length": "10000" });
  return [
    { what: "headers without end", first: head(line, {}), more: "X-Slow: 1\r\n" },
    { what: "half a line", first: "POST /" },
    { what: "a body that stalls", first: `${body}\r\n{` },
    { what: "a byte now and then", first: `${body}\r\n{`, more: "x" },
    {
      what: "a chunk now and then",
      first: `${head(line, { ...headers, "Transfer-Encoding": "chunked" })}\r\n`,
      more: "1\r\nx\r\n",
    },
  ];
};

export const endlessTo = (part: "ingest" | "web" | "api", token: string): string => {
  const { first } = slowTo(part, token).at(-1) as Slow;
  return first;
};

/** Opens up to `most` connections that say nothing, and holds them. */
export async function idle(
  url: string,
  most: number,
): Promise<{ opened: number; open: () => number; end: () => void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let opened = 0;
  const AT_ONCE = 250;
  for (let begun = 0; begun < most; begun += AT_ONCE) {
    const results = await Promise.all(
      Array.from(
        { length: Math.min(AT_ONCE, most - begun) },
        () =>
          new Promise<boolean>((resolve) => {
            const socket = connect(Number(port), hostname, () => {
              opened += 1;
              sockets.add(socket);
              resolve(true);
            });
            socket
              .on("error", () => resolve(false))
              .on("close", () => sockets.delete(socket))
              .resume();
          }),
      ),
    );
    // No more of them than this process may have.
    if (!results.includes(true)) break;
  }
  return {
    opened,
    open: () => sockets.size,
    end: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
