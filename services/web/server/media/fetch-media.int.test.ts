import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { until } from "../../../../test/support/until.ts";
import { createFetchMedia, MEDIA_LIMITS, type Fetched, type MediaLimits } from "./fetch-media.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on loopback, which stands for whatever is in a network of one's own. */
async function serve(answer: RequestListener): Promise<{ host: string; url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    answer(request, response);
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, seen };
}

const fetcher = (privateHosts: string[], limits: Partial<MediaLimits> = {}) => {
  const fetchMedia = createFetchMedia({ privateHosts, limits: { ...MEDIA_LIMITS, ...limits } });
  return (url: string, range: string | null = null): Promise<Fetched> =>
    fetchMedia(url, { range, signal: new AbortController().signal });
};
const read = (fetched: Fetched): Promise<string> =>
  fetched.kind === "file" ? text(fetched.body) : Promise.reject(new Error(fetched.kind));

test("a file is fetched from a host that the operator named, a part of it too", async () => {
  const { host, url, seen } = await serve((request, response) => {
    response.writeHead(request.headers.range === undefined ? 200 : 206, { "Content-Type": "image/png" });
    response.end("bytes");
  });
  const fetch = fetcher([host]);
  const whole = await fetch(`${url}/a?b=c`);
  expect(whole).toMatchObject({ kind: "file", status: 200, headers: { "content-type": "image/png" } });
  expect(await read(whole)).toBe("bytes");
  expect(await fetch(`${url}/a`, "bytes=0-9").then(read)).toBe("bytes");
  expect(await fetch(`${url}/a`, "bytes=0-9, 20-30\r\nX: y").then(read)).toBe("bytes");
  expect(seen).toEqual(["/a?b=c", "/a bytes=0-9", "/a"]);
});

test.each([
  ["this machine", "https://127.0.0.1/"],
  ["this machine, without TLS", "http://127.0.0.1/"],
  ["this machine by its name", "https://localhost/"],
  ["this machine, written otherwise", "https://2130706433/"],
  ["this machine in hexadecimal", "https://0x7f.1/"],
  ["this machine in IPv6", "https://[::1]/"],
  ["IPv4 inside IPv6", "https://[::ffff:127.0.0.1]/"],
  ["every address of this machine", "https://0.0.0.0/"],
  ["a network of one's own", "https://10.1.2.3/"],
  ["another one", "https://172.16.0.1/"],
  ["a third one", "https://192.168.0.1/"],
  ["a carrier's inside", "https://100.64.0.1/"],
  ["what a cloud tells its machines", "https://169.254.169.254/latest/meta-data/"],
  ["a network of one's own in IPv6", "https://[fd00::1]/"],
  ["a link", "https://[fe80::1]/"],
  ["6to4", "https://[2002:7f00:1::]/"],
  ["IPv4 translated", "https://[64:ff9b::7f00:1]/"],
  ["no TLS", "http://93.184.215.14/"],
  ["another scheme", "ftp://93.184.215.14/"],
  ["a password", "https://ana:secret@93.184.215.14/"],
])("nobody is led to %s: %s", async (_what, url) => {
  expect(await fetcher([])(url)).toMatchObject({ kind: "forbidden" });
});

test("a redirect leads nowhere that the address itself may not lead, not even to another named host", async () => {
  const inside = await serve((_request, response) => response.end("secret"));
  const other = await serve((_request, response) => response.end("secret"));
  const targets = [
    `${inside.url}/x`,
    `${other.url}/x`,
    "https://169.254.169.254/",
    "file:///etc/passwd",
    "http://[",
    "//10.0.0.1/",
  ];
  for (const target of targets) {
    const { host, url } = await serve((_request, response) =>
      response.writeHead(302, { Location: target }).end(),
    );
    expect(await fetcher([host, other.host])(url), target).toMatchObject({ kind: "forbidden" });
  }
  expect([...inside.seen, ...other.seen]).toEqual([]);
});

test("a redirect within a host is followed, and not for ever", async () => {
  const { host, url, seen } = await serve((request, response) => {
    const [, left] = (request.url ?? "").split("/");
    if (left === "0") response.end("bytes");
    else response.writeHead(307, { Location: `/${Number(left) - 1}` }).end();
  });
  expect(await fetcher([host])(`${url}/3`).then(read)).toBe("bytes");
  expect(seen).toEqual(["/3", "/2", "/1", "/0"]);
  expect(await fetcher([host])(`${url}/4`)).toMatchObject({ kind: "forbidden" });
});

test("what answers no more is gone, and what fails may come back", async () => {
  const { host, url } = await serve((request, response) =>
    response.writeHead(Number(request.url?.slice(1))).end(),
  );
  const kindOf = async (status: number) => (await fetcher([host])(`${url}/${status}`)).kind;
  expect(await Promise.all([401, 403, 404, 410].map(kindOf))).toEqual(["gone", "gone", "gone", "gone"]);
  expect(await Promise.all([204, 304, 429, 500, 503].map(kindOf))).toEqual(Array(5).fill("failed"));
  const closed = await serve(() => undefined);
  await new Promise((done) => servers.at(-1)?.close(done));
  expect(await fetcher([closed.host])(closed.url)).toEqual({ kind: "failed" });
});

test("a file is not larger than it may be, whether it says so or not", async () => {
  const { host, url } = await serve((request, response) => {
    if (request.url === "/said") response.setHeader("Content-Length", 11);
    response.write("0123456789");
    response.end("0");
  });
  const fetch = fetcher([host], { bytes: 10 });
  expect(await fetch(`${url}/said`)).toEqual({ kind: "too_large" });
  await expect(fetch(url).then(read)).rejects.toThrow("too large");
});

test("who does not answer, or stops in the middle, is given up", async () => {
  const silent = await serve(() => undefined);
  expect(await fetcher([silent.host], { headMs: 50 })(silent.url)).toEqual({ kind: "failed" });
  const stuck = await serve((_request, response) => response.write("01234"));
  await expect(fetcher([stuck.host], { idleMs: 50 })(stuck.url).then(read)).rejects.toThrow();
  await expect(fetcher([stuck.host], { wholeMs: 50 })(stuck.url).then(read)).rejects.toThrow();
});

test("who begins another protocol keeps no place", async () => {
  const server = createServer().on("connection", (socket: Socket) =>
    socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
  );
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetch = fetcher([host], { open: 1 });
  expect(await fetch(`http://${host}/`)).toEqual({ kind: "failed" });
  expect(await fetch(`http://${host}/`)).toEqual({ kind: "failed" });
});

test("only so many are fetched at one time, and each that ends, however it ends, makes room", async () => {
  const { host, url } = await serve((request, response) => {
    if (request.url === "/gone") response.writeHead(404).end();
    else response.write("begun");
  });
  const fetch = fetcher([host], { open: 1 });
  const first = await fetch(url);
  expect(await fetch(url)).toEqual({ kind: "busy" });
  if (first.kind === "file") first.body.destroy();
  const kindOf = async (path: string) => (await fetch(`${url}${path}`)).kind;
  await until(async () => (await kindOf("/gone")) === "gone", { what: "room" });
  expect(await kindOf("/gone")).toBe("gone");
  expect((await fetcher([])("https://10.0.0.1/")).kind).toBe("forbidden");
  expect(await kindOf("/")).toBe("file");
});
