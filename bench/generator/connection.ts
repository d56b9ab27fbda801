import { connect, type Socket } from "node:net";

/** One connection of HTTP/1.1 that sends one request at a time. */
export type Connection = {
  /** The status; `null` when the connection broke before an answer. */
  post: (body: string) => Promise<number | null>;
  end: () => void;
};

/**
 * By hand on a socket: Node's own client spends more on a request than some of the servers that are measured, and shares
 * two cores with them.
 */
export function openConnection(url: string): Connection {
  const { hostname, port, pathname, host } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: `;
  let socket: Socket | null = null;
  let received = "";
  let answered: ((status: number | null) => void) | null = null;

  const settle = (status: number | null): void => {
    const tell = answered;
    answered = null;
    received = "";
    tell?.(status);
  };
  const open = (): Socket => {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true });
    opened.setEncoding("latin1");
    opened.on("data", (text: string) => {
      received += text;
      const status = wholeAnswer(received);
      if (status !== null) settle(status);
    });
    opened.on("error", () => {});
    opened.on("close", () => {
      if (socket === opened) socket = null;
      settle(null);
    });
    return opened;
  };

  return {
    post: (body) =>
      new Promise((resolve) => {
        answered = resolve;
        socket ??= open();
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    end: () => {
      socket?.destroy();
    },
  };
}

/** Its status, once all of it is there. */
export function wholeAnswer(text: string): number | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = text.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without its length: ${head}`);
  return text.length - end - 4 >= Number(length) ? Number(head.slice(9, 12)) : null;
}
