import { Agent, request as send } from "node:http";
import { expect, test } from "vitest";
import { listen } from "./http.ts";

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
