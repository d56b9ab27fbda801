import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createAccounts } from "../../services/conversations/src/accounts/accounts.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { clientOf } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { signInAs } from "../support/sign-in.ts";
import { startSystem } from "../support/system.ts";

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Keeps a film that does not end: a piece of it every 100 ms. */
async function startFilms(): Promise<{ host: string; url: string; playing: () => number }> {
  let playing = 0;
  const server = createServer((_, response) => {
    playing += 1;
    response.writeHead(200, { "Content-Type": "video/mp4" });
    const timer = setInterval(() => response.write("a piece of a film"), 100);
    response.on("close", () => {
      playing -= 1;
      clearInterval(timer);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}/film.mp4`, playing: () => playing };
}

test("a film that has begun ends within a minute for who is disabled or signed out elsewhere, and goes on for others", async () => {
  const films = await startFilms();
  const system = await startSystem({
    web: true,
    env: { SIGN_IN: "required", MEDIA_PRIVATE_HOSTS: films.host },
  });
  undo.push(system.remove);
  const store = openStore(system.databaseUrl);
  undo.push(store.close);
  const id = randomUUID();
  const event = message(id);
  const film = { ...event, data: { ...event.data, media: { kind: "video", url: films.url } } };
  const { post } = clientOf({ ingestUrl: system.ingestUrl, apiUrl: system.apiUrl });
  expect((await post(creation(id))).status).toBe(202);
  expect((await post(film, { wait: 20 })).status).toBe(201);

  /** `over`: no more comes. */
  const play = async (token: string): Promise<{ isOver: () => boolean; over: Promise<void> }> => {
    const answer = await fetch(`${system.webUrl}/media/${event.data["id"]}`, {
      headers: { cookie: `fio_session=${token}`, "sec-fetch-dest": "video" },
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "video/mp4"]);
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    let isOver = false;
    const over = (async () => {
      while ((await reader?.read().catch(() => ({ done: true })))?.done === false);
      isOver = true;
    })();
    undo.push(() => reader?.cancel().catch(() => {}));
    return { isOver: () => isOver, over };
  };
  const accounts = createAccounts({ store, now: Date.now });
  const [ana, bia, caio] = [
    await signInAs(store, { name: "Ana" }),
    await signInAs(store, { name: "Bia" }),
    await signInAs(store, { name: "Caio" }),
  ];
  const [hers, biasOne, caios] = [await play(ana.token), await play(bia.token), await play(caio.token)];
  expect(films.playing()).toBe(3);

  const began = performance.now();
  const by = { id: caio.account.id };
  await accounts.administration.change(ana.account.id, "disable", by);
  await accounts.administration.change(bia.account.id, "end-sessions", by);
  await Promise.all([hers.over, biasOne.over]);
  expect(performance.now() - began).toBeLessThan(60_000);
  await expect.poll(films.playing).toBe(1);
  expect(caios.isOver()).toBe(false);
  // Nothing failed by it.
  expect(await system.web?.log()).not.toMatch(/"level":[56]0/);
}, 120_000);
