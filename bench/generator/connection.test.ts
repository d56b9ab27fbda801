import { createServer, type RequestListener } from "node:http";
import { createServer as createRawServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openConnection, wholeAnswer, type Connection } from "./connection.ts";

async function connected(listener: RequestListener): Promise<Connection> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const connection = openConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/`);
  onTestFinished(() => {
    connection.end();
    server.close();
  });
  return connection;
}

test("posts one body after another over one connection, each counted in bytes", async () => {
  const bodies: string[] = [];
  const ports = new Set<number | undefined>();
  const connection = await connected((request, response) => {
    ports.add(request.socket.remotePort);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(bodies.length === 2 ? 503 : 202, { "content-length": 3 }).end("abc");
    });
  });
  expect(await connection.post("Olá 👋🏽")).toBe(202);
  expect(await connection.post("{}")).toBe(503);
  expect(await connection.post("[]")).toBe(202);
  expect(bodies).toEqual(["Olá 👋🏽", "{}", "[]"]);
  expect(ports.size).toBe(1);
});

test("says when the connection broke before an answer, and goes on with another", async () => {
  let count = 0;
  const connection = await connected((request, response) => {
    count += 1;
    if (count === 1) request.socket.destroy();
    else response.writeHead(202, { "content-length": 0 }).end();
  });
  expect(await connection.post("{}")).toBeNull();
  expect(await connection.post("{}")).toBe(202);
});

test("says so where nobody listens", async () => {
  const server = createRawServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await openConnection(`http://127.0.0.1:${port}/`).post("{}")).toBeNull();
});

test("an answer is whole with the last byte of its body", () => {
  const head = "HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\n";
  expect(wholeAnswer("HTTP/1.1 202 Acc")).toBeNull();
  expect(wholeAnswer(`${head}abc`)).toBeNull();
  expect(wholeAnswer(`${head}abcd`)).toBe(202);
});
