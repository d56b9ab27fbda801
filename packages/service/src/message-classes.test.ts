import express from "express";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

const where = { host: "127.0.0.1", port: 0, setting: "PORT" };

test("a request and its response reach an Express app with the prototypes that it would give them", async () => {
  const app = express();
  const before: object[] = [];
  app.get("/hello", (request, response) => {
    const after = [request, response].map((message) => Object.getPrototypeOf(message) as object);
    response.json({
      kept: after.every((prototype, index) => prototype === before[index]),
      query: request.query,
    });
  });
  const listening = await listen((request, response) => void app(request, response), where);
  const plain = await fetch(`${listening.url}/hello?name=Ana`);
  expect(await plain.json()).toEqual({ kept: false, query: { name: "Ana" } });
  await listening.close();

  const direct = await listen(app, where);
  direct.server.prependListener("request", (...messages: object[]) => {
    before.splice(0, 2, ...messages.map((message) => Object.getPrototypeOf(message) as object));
  });
  const answer = await fetch(`${direct.url}/hello?name=Ana`);
  expect(await answer.json()).toEqual({ kept: true, query: { name: "Ana" } });
  await direct.close();
});

test("what an app adds to its requests is there, and two apps keep apart", async () => {
  const apps = ["one", "two"].map((name) => {
    const app = express();
    app.set("name", name);
    app.get("/", (request, response) => {
      response
        .status(201)
        .type("text")
        .send(`${request.app.get("name")} ${request.path} ${response.app === app}`);
    });
    return app;
  });
  for (const [index, name] of ["one", "two"].entries()) {
    const listening = await listen(apps[index]!, where);
    const answer = await fetch(listening.url);
    expect([answer.status, await answer.text()]).toEqual([201, `${name} / true`]);
    await listening.close();
  }
});
