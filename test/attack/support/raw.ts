import { connect } from "node:net";

/** What came back on a connection of its own. `status`: of its first answer, `cut` when it ended without one. */
export type Heard = { status: string; head: string; body: string; ms: number };

type Asking = {
  /** The address that it is sent from: every one of 127.0.0.0/8 is this machine. */
  from?: string;
  /** After this the sender ends the connection itself. */
  limitMs?: number;
};

/** Sends bytes as they are, which no HTTP client would, and hears all until the server ends the connection. */
export function ask(
  url: string,
  bytes: string | Buffer,
  { from, limitMs = 25_000 }: Asking = {},
): Promise<Heard> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(
      { host: hostname, port: Number(port), ...(from === undefined ? {} : { localAddress: from }) },
      () => socket.write(bytes),
    );
    const limit = setTimeout(() => socket.destroy(), limitMs);
    socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
    socket
      .on("error", () => {})
      .on("close", () => {
        clearTimeout(limit);
        resolve(answerIn(heard, performance.now() - began));
      });
  });
}

export function answerIn(heard: string, ms: number): Heard {
  const end = heard.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(heard)?.[1] ?? "cut";
  return { status, head: heard.slice(0, end), body: heard.slice(end + 4), ms };
}

/** The value of a header, `null` without one. */
export const headerOf = ({ head }: Heard, name: string): string | null =>
  new RegExp(`^${name}: *(.*?)\\r?$`, "im").exec(head)?.[1] ?? null;

export type Headers = Readonly<Record<string, string | number>>;

/** A request as bytes. The target is not touched; `headers` may take the place of `Host` and the length. */
export function written(
  method: string,
  target: string,
  { headers = {}, body = "" }: { headers?: Headers; body?: string } = {},
): Buffer {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const usual: Headers = {
    host: "127.0.0.1",
    connection: "close",
    ...(body === "" ? {} : { "content-length": Buffer.byteLength(body) }),
  };
  const lines = [...Object.entries(usual).filter(([name]) => !given.has(name)), ...Object.entries(headers)];
  const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body, "utf8")]);
}

export const form = (fields: Record<string, string>): { headers: Headers; body: string } => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});
