import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request as requestTls } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCaddy, startCaddy, type Caddy } from "../support/caddy.ts";
import { freePort } from "../support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { until } from "../support/until.ts";

/* The web app behind the proxy of compose, by TLS; ingest and the read API are stand-ins that the test drives. */

let directory: string;
let program: string | null;
let upstream: Server;
let web: ServiceProcess;
let caddy: Caddy;
let port: number;
let httpPort: number;
/** The live streams that the web app has opened. */
const streams: ServerResponse[] = [];
const webhooks: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "fio-proxy-"));
  program = await findCaddy(directory);
  if (program === null) {
    console.warn("Left out: TLS through the proxy of compose, since no caddy can be had on this machine");
    return;
  }
  upstream = createServer((incoming, answer) => {
    if (incoming.url?.startsWith("/stream") === true) {
      answer.writeHead(200, { "Content-Type": "text/event-stream" }).write(": hello\n\n");
      streams.push(answer);
      return;
    }
    if (incoming.url?.startsWith("/webhook") === true)
      webhooks.push(`${incoming.headers.host} ${String(incoming.headers["x-forwarded-for"])}`);
    answer.writeHead(202).end("{}");
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  web = await serviceProcess({
    service: "web",
    dataDir: directory,
    env: {
      NODE_ENV: "production",
      WEB_SECRETS: "what the web app signs with",
      API_URL: `http://${address}`,
      PUBLIC_URL: "https://localhost",
      SIGN_IN: "off",
    },
  });
  await web.start();
  [port, httpPort] = [await freePort(), await freePort()];
  caddy = await startCaddy({
    program,
    directory,
    env: {
      PUBLIC_URL: "https://localhost",
      CADDY_HTTP_PORT: String(httpPort),
      CADDY_HTTPS_PORT: String(port),
      WEB_UPSTREAM: new URL(web.url).host,
      INGEST_UPSTREAM: address,
    },
  });
}, 120_000);
afterAll(async () => {
  if (program !== null) {
    for (const stream of streams) stream.end();
    await caddy.end();
    await web.stop();
    upstream.closeAllConnections();
    upstream.close();
  }
  await rm(directory, { recursive: true, force: true });
});

/** By TLS, as a browser on this machine asks; the certificate is of caddy's own authority. */
function ask(
  path: string,
  { method, headers }: { method?: string; headers?: Record<string, string> } = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = requestTls(
      {
        host: "127.0.0.1",
        port,
        path,
        servername: "localhost",
        rejectUnauthorized: false,
        ...(method === undefined ? {} : { method }),
        headers: { host: "localhost", ...headers },
      },
      resolve,
    );
    sent.once("error", reject).end();
  });
}

test("the app is served by TLS, and plain http leads there", async ({ skip }) => {
  if (program === null) skip("no caddy can be had");
  const page = await ask("/icon.svg");
  page.resume();
  expect(page.statusCode).toBe(200);
  expect(page.headers["strict-transport-security"]).toBe("max-age=31536000");
  const plain = await fetch(`http://localhost:${httpPort}/x`, { redirect: "manual" });
  expect([plain.status, plain.headers.get("location")?.startsWith("https://localhost")]).toEqual([308, true]);
});

test("senders' webhooks go to ingest, and the address that they come from with them", async ({ skip }) => {
  if (program === null) skip("no caddy can be had");
  const answer = await ask("/webhook/", { method: "POST", headers: { "x-forwarded-for": "203.0.113.9" } });
  answer.resume();
  expect(answer.statusCode).toBe(202);
  // What a sender claims itself is not passed on.
  expect(webhooks).toEqual(["localhost 127.0.0.1"]);
});

test("the live stream passes as it comes, one event at a time", async ({ skip }) => {
  if (program === null) skip("no caddy can be had");
  const stream = await ask("/live", { headers: { accept: "text/event-stream" } });
  let heard = "";
  stream.setEncoding("utf8").on("data", (text: string) => (heard += text));
  await until(() => streams.length > 0, { what: "the web app has opened the stream" });
  for (const word of ["first", "second", "third"]) {
    streams.at(-1)?.write(`event: message\ndata: ${word}\n\n`);
    // The next one is sent only once this one has arrived: nothing in between may wait for more.
    await until(() => heard.includes(word), { what: `the ${word} event has come through`, limitMs: 20_000 });
  }
  stream.destroy();
});
