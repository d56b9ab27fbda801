import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";

let dataDir: string;
let web: ServiceProcess;
let ownPort: number;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fio-web-"));
  const nobody = "http://127.0.0.1:9";
  const env = {
    INGEST_URL: nobody,
    API_URL: nobody,
    NODE_ENV: "production",
    PUBLIC_URL: "http://fio.test",
    WEB_SECRETS: "what the web app signs with",
    SIGN_IN: "off",
  };
  web = await serviceProcess({ service: "web", dataDir, env });
  await web.start();
  ownPort = Number(new URL(web.url).port);
});
afterAll(async () => {
  await web.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** What comes back on a connection of its own, until the server has said all or `enough`. */
function talk(text: string, { enough = /\r\n\r\n/, port = ownPort } = {}): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"));
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      heard += chunk;
      if (enough.test(heard)) socket.destroy();
    });
    socket.on("error", () => {}).on("close", () => resolve(heard));
  });
}

const HEADERS = [
  "Content-Security-Policy",
  "X-Content-Type-Options",
  "X-Frame-Options",
  "Referrer-Policy",
  "Cross-Origin-Resource-Policy",
  "Permissions-Policy",
];
function expectRefusal(answer: string, status: number | RegExp): void {
  const head = answer.slice(0, answer.indexOf("\r\n\r\n"));
  expect(head).toMatch(status instanceof RegExp ? status : new RegExp(`^HTTP/1\\.1 ${status} `));
  for (const name of HEADERS) expect(head).toMatch(new RegExp(`^${name}: .+`, "im"));
}

const get = (target: string, host = "fio.test", method = "GET") =>
  `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const form = (path: string, type: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: fio.test\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const ID = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

test.each([
  ["OPTIONS /", get("/", "fio.test", "OPTIONS"), 405],
  ["OPTIONS *", get("*", "fio.test", "OPTIONS"), 405],
  ["TRACE", get("/", "fio.test", "TRACE"), 405],
  ["PUT", get("/", "fio.test", "PUT"), 405],
  ["DELETE of a conversation", get(`/conversations/${ID}`, "fio.test", "DELETE"), 405],
  ["CONNECT", get("fio.test:443", "fio.test", "CONNECT"), 400],
  ["a host with a space", get("/", "fio test"), 400],
  ["a host that is another's", get("/", "evil.example"), 421],
  ["a host that is another's, for a file", get("/icon.svg", "fio.test.evil.example"), 421],
  ["this machine's own name, where another is the public one", get("/", "127.0.0.1"), 421],
  ["a host with a path", get("/", "fio.test/x"), 400],
  ["a host with a user", get("/", "a@fio.test"), 400],
  ["a host with a query", get("/", "fio.test?x"), 400],
  ["a host with a port that is none", get("/", "fio.test:port"), 400],
  ["a host with a port that is too large", get("/", "fio.test:99999"), 400],
  ["a host that is an address cut short", get("/", "[::1"), 400],
  ["a host with a percent", get("/", "%zz"), 400],
  ["an empty host", get("/", ""), 400],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["a path that cannot be decoded", get("/%zz"), 400],
  ["a path with half a character", get("/%c3"), 400],
  ["a path with U+0000", get("/%00"), 400],
  ["a conversation that cannot be decoded", get("/conversations/%e0%a4%a"), 400],
  ["data of a page that cannot be decoded", get("/%zz.data"), 400],
  ["an absolute target", get("http://evil.example/"), 400],
  ["a target of another site", get("//evil.example/"), 400],
  ["a target of another site with a backslash", get("/\\evil.example/"), 400],
  ["a target without its slash", get("conversations"), 400],
  ["_data of a route", get("/?_data=root"), 400],
  ["_data of no route", get("/?a=1&_data=routes/none"), 400],
  ["a page that is not", get("/nothing/here"), 404],
  ["a file that is not", get("/assets/../../server.ts"), 404],
  ["a file outside, encoded", get("/assets/..%2f..%2fserver.ts"), 404],
  ["a post where nothing takes one", form("/search", "application/x-www-form-urlencoded", "a=1"), 405],
  [
    "a post to no page",
    form("/nothing/here", "application/x-www-form-urlencoded", "a=1"),
    /^HTTP\/1\.1 40[45] /,
  ],
  ["JSON where a form belongs", form("/conversations/new", "application/json", "{}"), 400],
  ["a form without its type", form("/preferences", "", "a=1"), 400],
  ["parts that are none", form("/preferences", "multipart/form-data; boundary=x", "nonsense"), 400],
  ["parts without a boundary", form(`/conversations/${ID}`, "multipart/form-data", "nonsense"), 400],
  ["parts where an act belongs", form("/data/rejections", "multipart/form-data", "x"), 400],
  ["parts through a page's data", form("/preferences.data", "multipart/form-data", "x"), 400],
  ["no HTTP", "nonsense\r\n\r\n", 400],
  ["32 kB of headers", `GET / HTTP/1.1\r\nHost: fio.test\r\nX: ${"x".repeat(32_768)}\r\n\r\n`, 431],
  [
    "a body of 2 MiB by its length",
    "POST /preferences HTTP/1.1\r\nHost: fio.test\r\nContent-Length: 2097152\r\n\r\n",
    413,
  ],
])(
  "%s is refused with all headers, and nothing is logged as a fault of ours",
  async (_name, sent, status) => {
    expectRefusal(await talk(sent), status);
    const log = await web.log();
    expect(log).not.toMatch(/"level":[56]0/);
    expect(log).not.toMatch(/\n {4}at /);
  },
);

test("where agents come by TLS, browsers are told to ask for nothing else, and cookies stay within it", async () => {
  const name = "web-behind-tls";
  const env = {
    NODE_ENV: "production",
    WEB_SECRETS: "what the web app signs with",
    SIGN_IN: "off",
    PUBLIC_URL: "https://fio.test",
  };
  const secure = await serviceProcess({ service: "web", name, dataDir, env });
  await secure.start();
  const asked = async (server: ServiceProcess, text: string): Promise<string> => {
    const answer = await talk(text, { port: Number(new URL(server.url).port) });
    return answer.slice(0, answer.indexOf("\r\n\r\n"));
  };
  const preference = form("/preferences", "application/x-www-form-urlencoded", "switch=language");
  try {
    for (const text of [get("/icon.svg"), get("/nothing"), get("/", "evil.example"), preference]) {
      expect(await asked(secure, text)).toMatch(/^Strict-Transport-Security: max-age=31536000$/im);
      expect(await asked(web, text)).not.toMatch(/^Strict-Transport-Security:/im);
    }
    expect(await asked(secure, preference)).toMatch(/^Set-Cookie: language=.*; Secure$/im);
    expect(await asked(web, preference)).toMatch(/^Set-Cookie: language=(?!.*Secure)/im);
    expect(await asked(secure, get("/healthz", "127.0.0.1"))).toMatch(/^HTTP\/1\.1 200 /);
  } finally {
    await secure.stop();
  }
});

test("a search for 100% is answered, not refused", async () => {
  // The read API is away here, which the page says.
  expect(await talk(get("/search?q=100%"))).toMatch(/^HTTP\/1\.1 (200|503) /);
});

/** Writes `mebibytes` in chunks for as long as the server takes them; what it said, and how much it was sent. */
function flood(mebibytes: number): Promise<{ heard: string; sent: number }> {
  const chunk = Buffer.concat([
    Buffer.from("100000\r\n"),
    Buffer.alloc(1024 * 1024, "x"),
    Buffer.from("\r\n"),
  ]);
  return new Promise((resolve) => {
    let heard = "";
    let sent = 0;
    const socket = connect(ownPort, "127.0.0.1", () => {
      socket.write("POST /preferences HTTP/1.1\r\nHost: fio.test\r\nTransfer-Encoding: chunked\r\n");
      socket.write("Content-Type: application/x-www-form-urlencoded\r\n\r\n");
      const writeOn = (): void => {
        if (sent >= mebibytes || socket.destroyed) return;
        socket.write(chunk, (error) => {
          // After the server has ended the connection nothing is sent any more.
          if (error !== null && error !== undefined) return;
          sent += 1;
          writeOn();
        });
      };
      writeOn();
    });
    socket.setEncoding("latin1").on("data", (text: string) => (heard += text));
    socket.on("error", () => {}).on("close", () => resolve({ heard, sent }));
  });
}

test("400 MB in chunks get 413 with all headers, the rest is not taken, and the memory stays", async () => {
  const peak = async () =>
    Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${web.pid()}/status`, "utf8"))?.[1]) / 1024;
  const before = process.platform === "linux" ? await peak() : 0;
  const floods = await Promise.all(Array.from({ length: 4 }, () => flood(400)));
  for (const { heard, sent } of floods) {
    expectRefusal(heard, 413);
    expect(sent).toBeLessThan(100);
  }
  if (process.platform === "linux") expect((await peak()) - before).toBeLessThan(150);
  expect(await talk(get("/healthz"))).toMatch(/^HTTP\/1\.1 200 /);
}, 60_000);

test("a form reaches its page whole, by its length or in chunks", async () => {
  const type = "application/x-www-form-urlencoded";
  const taken =
    /^HTTP\/1\.1 302 [\s\S]*set-cookie: language=[\s\S]*location: \/search\?q=a|location: \/search\?q=a[\s\S]*set-cookie: language=/i;
  expect(await talk(form("/preferences", type, "switch=language&back=%2Fsearch%3Fq%3Da"))).toMatch(taken);
  const head = `POST /preferences HTTP/1.1\r\nHost: fio.test\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunks = "f\r\nswitch=language\r\n17\r\n&back=%2Fsearch%3Fq%3Da\r\n0\r\n\r\n";
  expect(await talk(head + chunks)).toMatch(taken);
});

test("the longest message in a form is under the limit", async () => {
  const body = new URLSearchParams({ content: "€".repeat(65_536) }).toString();
  expect(body.length).toBeLessThan(1024 * 1024);
  const sent = form(`/conversations/${ID}`, "application/x-www-form-urlencoded", body);
  expect(await talk(sent)).not.toMatch(/^HTTP\/1\.1 413 /);
});
