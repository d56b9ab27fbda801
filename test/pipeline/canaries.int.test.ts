import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { request } from "../support/client.ts";
import { close, creation, message } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

/* Words that nobody else says go through everything; then all that is written for operators is searched for them. */

const SECRETS = {
  WEBHOOK_SECRETS: "canary-of-senders-4711",
  WEB_SECRETS: "canary-of-the-web-app-4712",
  API_TOKENS: "canary-of-readers-4713",
};
const WRONG = { secret: "canary-that-is-wrong-4714", token: "canary-token-that-is-wrong-4715" };
const WORDS = ["Zxqcanarioum", "Zxqcanariodois", "Zxqcanariotres", "Zxqcanarioquatro"] as const;

let system: System;
beforeAll(async () => {
  system = await startSystem({ web: true, env: { ...SECRETS, LOG_LEVEL: "debug" } });
});
afterAll(() => system.remove());

const canariesIn = (text: string): string[] =>
  [...Object.values(SECRETS), ...Object.values(WRONG), ...WORDS].filter((word) => text.includes(word));

const post = (body: unknown, secret: string, wait = true) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { ...hubSignature(text, secret), ...(wait ? { prefer: "wait=25" } : {}) };
  return request(`${system.ingestUrl}/webhook/`, { body: text, headers });
};
const saying = (conversation: string, content: string) => {
  const said = message(conversation);
  return { ...said, data: { ...said.data, content } };
};

test("no secret and no customer's word is in a log, a metric, the doctor's page or a page that is not theirs", async () => {
  const id = randomUUID();
  const refusals: unknown[] = [];
  const refused = async (answer: Promise<{ status: number; body: unknown }>, status: number) => {
    const { status: given, body } = await answer;
    expect(given).toBe(status);
    refusals.push(body);
  };
  expect((await post(creation(id), SECRETS.WEBHOOK_SECRETS)).status).toBe(201);
  expect((await post(saying(id, WORDS[0]), SECRETS.WEBHOOK_SECRETS)).status).toBe(201);
  expect((await post(close(id), SECRETS.WEBHOOK_SECRETS)).status).toBe(200);
  // Refused by the law, by its shape, as no JSON, by its signature; read with a wrong token, and from where nothing is.
  await refused(post(saying(id, WORDS[1]), SECRETS.WEBHOOK_SECRETS), 400);
  await refused(post({ ...saying(id, WORDS[2]), timestamp: "later" }, SECRETS.WEBHOOK_SECRETS), 400);
  await refused(post(`{"type": "NEW_MESSAGE", "data": ${WORDS[3]}`, SECRETS.WEBHOOK_SECRETS), 400);
  await refused(post(saying(id, WORDS[1]), WRONG.secret), 401);
  const read = (path: string, token: string) =>
    request(`${system.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
  await refused(read(`/conversations/${id}/`, WRONG.token), 401);
  await refused(read("/conversations/nobody/", SECRETS.API_TOKENS), 400);
  // What is theirs does hold their words: else this would search in vain.
  expect(JSON.stringify((await read(`/conversations/${id}/`, SECRETS.API_TOKENS)).body)).toContain(WORDS[0]);
  await until(
    async () => JSON.stringify((await read("/rejections", SECRETS.API_TOKENS)).body).includes(WORDS[1]),
    { what: "the refusal is kept with its text" },
  );
  const page = async (path: string) => (await fetch(`${system.webUrl}${path}`)).text();
  expect(canariesIn(await page(`/conversations/${id}`))).toEqual(expect.arrayContaining([WORDS[0]]));

  for (const path of [
    "/healthz",
    "/readyz",
    "/metrics",
    "/nowhere",
    "/conversations/%ff",
    `/?${WRONG.token}=1`,
  ]) {
    for (const url of [system.ingestUrl, system.apiUrl, system.webUrl]) {
      const { body } = await request(`${url}${path}`);
      const text = typeof body === "string" ? body : JSON.stringify(body);
      // The list of the web app shows the latest words: these are theirs, and what was asked for is the asker's.
      const theirs = url === system.webUrl ? [...WORDS, WRONG.token] : [WRONG.token];
      expect([url, path, canariesIn(text).filter((word) => !theirs.includes(word))]).toEqual([url, path, []]);
    }
  }
  expect(canariesIn(JSON.stringify(refusals))).toEqual([]);

  await system.redis.kill();
  await refused(post(saying(id, WORDS[1]), SECRETS.WEBHOOK_SECRETS, false), 503);
  const url = system.redis.url.replace("redis://", `redis://somebody:${WRONG.secret}@`);
  const doctor = await run(process.execPath, [join(ROOT, "services/conversations/src/doctor.ts")], {
    env: { PATH: process.env["PATH"], ...SECRETS, REDIS_URL: url, DATABASE_URL: system.databaseUrl },
  });
  expect(doctor.output).toContain("redis");
  expect(canariesIn(doctor.output)).toEqual([]);
  expect(canariesIn(JSON.stringify(refusals))).toEqual([]);

  for (const one of system.processes) {
    await one.stop();
    const log = await one.log();
    expect(log.length).toBeGreaterThan(0);
    expect([one.name, canariesIn(log)]).toEqual([one.name, []]);
  }
}, 120_000);
