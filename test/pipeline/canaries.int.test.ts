import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { request } from "../support/client.ts";
import { close, creation, message } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { freePort } from "../support/redis-server.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

/* Words that nobody else says go through everything; then all that is written for operators is searched for them. */

const SECRETS = {
  WEBHOOK_SECRETS: "canary-of-senders-4711",
  WEB_SECRETS: "canary-of-the-web-app-4712",
  API_TOKENS: "canary-of-readers-4713",
  OIDC_CLIENT_SECRET: "canary-of-the-issuer-4719",
};
/** One that nobody answers for. */
const ISSUER = { OIDC_ISSUER: "http://127.0.0.1:1", OIDC_CLIENT_ID: "fio" };
const WRONG = { secret: "canary-that-is-wrong-4714", token: "canary-token-that-is-wrong-4715" };
const PASSWORDS = { right: "canary passphrase of ana 4716", wrong: "canary passphrase of nobody 4717" };
const DATABASE_PASSWORD = "canary-of-the-database-4718";
/** Made on the way: what a link and a session are known by. */
const made: string[] = [];
const WORDS = ["Zxqcanarioum", "Zxqcanariodois", "Zxqcanariotres", "Zxqcanarioquatro"] as const;

let system: System;
beforeAll(async () => {
  system = await startSystem({ web: true, env: { ...SECRETS, ...ISSUER, LOG_LEVEL: "debug" } });
});
afterAll(() => system.remove());

const canariesIn = (text: string): string[] =>
  [
    ...[...Object.values(SECRETS), ...Object.values(WRONG), ...Object.values(PASSWORDS), DATABASE_PASSWORD],
    ...[...made, ...WORDS],
  ].filter((word) => text.includes(word));

const post = (body: unknown, secret: string, wait = true) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { ...hubSignature(text, secret), ...(wait ? { prefer: "wait=25" } : {}) };
  return request(`${system.ingestUrl}/webhook/`, { body: text, headers });
};
const saying = (conversation: string, content: string) => {
  const said = message(conversation);
  return { ...said, data: { ...said.data, content } };
};

type Refused = (answer: Promise<{ status: number; body: unknown }>, status: number) => Promise<void>;

/** Ana gets an account and a session; wrong passwords, a link that was used and a body that cannot be read are refused. */
async function signsIn(refused: Refused): Promise<void> {
  const agent = [join(ROOT, "services/conversations/src/agent.ts"), "add", "ana@fio.example", "Ana"];
  const added = await run(process.execPath, agent, {
    env: { PATH: process.env["PATH"], DATABASE_URL: system.databaseUrl },
  });
  const key = /key=(\S+)/.exec(added.output)?.[1];
  if (key === undefined) throw new Error(added.output);
  made.push(key);
  const ask = (path: string, body: unknown, more: Record<string, string> = {}) =>
    request<{ token?: string }>(`${system.apiUrl}${path}`, {
      body,
      headers: { authorization: `Bearer ${SECRETS.API_TOKENS}`, ...more },
    });
  const from = { address: "203.0.113.7" };
  await (await fetch(`${system.webUrl}/welcome?key=${key}`)).text();
  const accepted = { key, password: PASSWORDS.right, ...from };
  const { status, body } = await ask("/sign-in-links/accept", accepted);
  expect(status).toBeLessThan(300);
  made.push(body.token ?? "");
  expect(made[1]).toMatch(/^\S{20,}$/);
  const again = await ask("/sign-in-links/accept", accepted);
  await refused(Promise.resolve(again), again.status);
  expect(again.status).toBeGreaterThanOrEqual(400);
  const wrong = { email: "ana@fio.example", password: PASSWORDS.wrong, ...from };
  const given = await ask("/sessions", wrong);
  expect(given.status).toBeGreaterThanOrEqual(400);
  await refused(Promise.resolve(given), given.status);
  const begins = { redirect_uri: `${system.webUrl}/sign-in/oidc/callback`, ...from };
  await refused(ask("/sign-in-oidc/begin", begins), 424);
  await refused(ask("/sessions", `{"email": "ana@fio.example", "password": "${PASSWORDS.wrong}"`), 400);
  await refused(ask("/sessions", { ...wrong, password: { text: PASSWORDS.wrong } }), 400);
}

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
  await signsIn(refused);
  expect(canariesIn(JSON.stringify(refusals))).toEqual([]);

  await system.redis.kill();
  await refused(post(saying(id, WORDS[1]), SECRETS.WEBHOOK_SECRETS, false), 503);
  const url = system.redis.url.replace("redis://", `redis://somebody:${WRONG.secret}@`);
  const doctor = await run(process.execPath, [join(ROOT, "services/conversations/src/doctor.ts")], {
    env: { PATH: process.env["PATH"], ...SECRETS, REDIS_URL: url, DATABASE_URL: system.databaseUrl },
  });
  expect(doctor.output).toContain("redis");
  expect(canariesIn(doctor.output)).toEqual([]);
  // A database that does not answer, whoever asks it.
  const databaseUrl = `postgres://fio_owner:${DATABASE_PASSWORD}@127.0.0.1:${await freePort()}/fio`;
  for (const command of ["doctor.ts", "agent.ts", "customer.ts"]) {
    const words = { "agent.ts": ["list"], "customer.ts": ["export", id] }[command] ?? [];
    const asked = await run(process.execPath, [join(ROOT, "services/conversations/src", command), ...words], {
      env: { PATH: process.env["PATH"], REDIS_URL: url, DATABASE_URL: databaseUrl },
      limitMs: 60_000,
    });
    expect([command, asked.output === "", canariesIn(asked.output)]).toEqual([command, false, []]);
  }
  expect(canariesIn(JSON.stringify(refusals))).toEqual([]);

  for (const one of system.processes) {
    await one.stop();
    const log = await one.log();
    expect(log.length).toBeGreaterThan(0);
    expect([one.name, canariesIn(log)]).toEqual([one.name, []]);
  }
}, 300_000);
