import { Agent, request as send, type RequestListener } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { TIME_LIMITS, listen } from "./listen.ts";

test("closing lets the answer under way out and then its kept-alive connection go", async () => {
  let answer = (): void => {};
  const listening = await listen((_request, response) => (answer = () => response.end("done")), {
    host: "127.0.0.1",
    port: 0,
    setting: "PORT",
  });
  const agent = new Agent({ keepAlive: true });
  const text = new Promise<string>((resolve, reject) => {
    const client = send(listening.url, { agent }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    });
    client.on("error", reject).end();
  });
  await new Promise((resolve) => listening.server.once("request", resolve));
  const closed = listening.close();
  answer();
  expect(await text).toBe("done");
  const started = Date.now();
  await closed;
  expect(Date.now() - started).toBeLessThan(5_000);
  agent.destroy();
});

test("closing does not wait for a sender that never ends its body", async () => {
  const listening = await listen((request) => request.resume(), {
    host: "127.0.0.1",
    port: 0,
    setting: "PORT",
  });
  const client = send(listening.url, { method: "POST" });
  client.on("error", () => {});
  client.write("x");
  await new Promise((resolve) => listening.server.once("request", resolve));
  await listening.close();
  client.destroy();
}, 15_000);

test("a port that is taken is named with its setting", async () => {
  const first = await listen(() => {}, { host: "127.0.0.1", port: 0, setting: "PORT" });
  await expect(
    listen(() => {}, { host: "127.0.0.1", port: first.port, setting: "INGEST_PORT" }),
  ).rejects.toThrow(`INGEST_PORT: port ${first.port}`);
  await first.close();
});

const QUICK = { headersMs: 300, requestMs: 900, checkedEveryMs: 100 };

/** Writes to a fresh connection; resolves with what came back once the server has ended it, and after how long. */
function talk(port: number, ...parts: string[]): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const started = performance.now();
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve({ text, ms: performance.now() - started }));
  });
}

async function withServer(
  app: RequestListener,
  use: (port: number) => Promise<void>,
  options: Partial<Parameters<typeof listen>[1]> = {},
): Promise<void> {
  const listening = await listen(app, {
    ...{ host: "127.0.0.1", port: 0, setting: "PORT", timeLimits: QUICK },
    ...options,
  });
  try {
    await use(listening.port);
  } finally {
    await listening.close();
  }
}
const ok: RequestListener = (request, response) => {
  request.resume().on("end", () => response.end("fine"));
};

test("every server gives headers 10 s and a request 30 s, and looks every 2 s", async () => {
  expect(TIME_LIMITS).toEqual({ headersMs: 10_000, requestMs: 30_000, checkedEveryMs: 2_000 });
  const { server, close } = await listen(ok, { host: "127.0.0.1", port: 0, setting: "PORT" });
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  expect((server as unknown as Record<string, unknown>)["connectionsCheckingInterval"]).toBe(2_000);
  await close();
});

test.each([
  ["says nothing at all is ended without a word", "", /^$/],
  ["stalls within its headers is ended with 503", "POST / HTTP/1.1\r\nHost: a\r\nX: ", /^HTTP\/1\.1 503 /],
])("a connection that %s when its headers are due", async (_name, sent, answer) => {
  await withServer(ok, async (port) => {
    const { text, ms } = await talk(port, sent);
    expect(text).toMatch(answer);
    expect(ms).toBeGreaterThan(250);
    expect(ms).toBeLessThan(5_000);
  });
});

test("a body that stalls gets 503, never a 4xx, and its connection is ended", async () => {
  await withServer(ok, async (port) => {
    const { text, ms } = await talk(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toContain("Retry-After: 2");
    expect(text).toContain('"code":"TOO_SLOW"');
    expect(ms).toBeGreaterThan(800);
    expect(ms).toBeLessThan(6_000);
  });
});

test.each([
  ["no HTTP", "hello\r\n\r\n", 400],
  ["a method that does not exist", "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["HTTP/2 in plain text", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["a length that is no number", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400],
  [
    "a length and chunks at once",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "a chunk without its length",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    400,
  ],
  ["a header with a NUL", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400],
  ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400],
  ["a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400],
  ["an expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n", 417],
  ["32 kB of headers", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(32_768)}\r\n\r\n`, 431],
])("%s is refused in the service's own words, and counted", async (_name, sent, status) => {
  const counted: string[] = [];
  await withServer(
    ok,
    async (port) => {
      const { text } = await talk(port, sent);
      expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(text).toContain("X-Own: yes");
      const length = Number(/Content-Length: (\d+)/.exec(text)?.[1]);
      const body = text.slice(text.indexOf("\r\n\r\n") + 4);
      expect(Buffer.byteLength(body)).toBe(length);
      expect(counted).toEqual([body]);
    },
    {
      answerOf: ({ code }) => ({ headers: { "X-Own": "yes" }, text: code }),
      onRefused: (code) => counted.push(code),
    },
  );
});

test("a request whose successor is no HTTP is not told that it was refused itself", async () => {
  let arrived = (): void => {};
  const request = new Promise<void>((resolve) => (arrived = resolve));
  await withServer(
    () => arrived(),
    async (port) => {
      const { text } = await talk(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n");
      await request;
      expect(text).toBe("");
    },
  );
});

test("a body that the app does not read does not keep its connection once it is answered", async () => {
  const early: RequestListener = (_request, response) => response.writeHead(401).end();
  await withServer(
    early,
    async (port) => {
      const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048575\r\n\r\n";
      const { text, ms } = await talk(port, head, "x".repeat(500_000));
      expect(text).toMatch(/^HTTP\/1\.1 401 /);
      expect(ms).toBeLessThan(10_000);
    },
    { timeLimits: TIME_LIMITS },
  );
});

test("an answer that fails with an error whose code is a number ends its own connection, and no other", async () => {
  const failing: RequestListener = (_request, response) => {
    response.write("begun");
    response.destroy(new DOMException("ended", "AbortError"));
  };
  const listening = await listen(failing, { host: "127.0.0.1", port: 0, setting: "PORT" });
  const heard = new Promise<unknown>((resolve) => {
    listening.server.on("clientError", (error) => resolve((error as { code?: unknown }).code));
  });
  await expect(fetch(listening.url).then((answer) => answer.text())).rejects.toThrow();
  expect(await heard).toBe(20);
  await listening.close();
});
