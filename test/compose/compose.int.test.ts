import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { runPostman } from "../support/newman.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { eachPartHoldsOnlyWhatItNeeds } from "./closed.ts";
import { printedSecrets } from "./secrets.ts";
import { composeProject, untilReady, type Project } from "./project.ts";

let project: Project;
let secrets: Record<string, string>;

const SLOW = 300_000;

beforeAll(async () => {
  project = await composeProject();
  // All share the one image; `up --build` would build it anew for each with compose 1.29.
  await project.compose("build", "secrets");
  await project.compose("up", "--detach");
  await ready();
  secrets = await printedSecrets(project);
}, 900_000);
afterAll(() => project.remove(), 120_000);

const ready = () => untilReady(project.ingestUrl, project.webUrl);

const post = (event: unknown, wait = true) => {
  const text = JSON.stringify(event);
  const headers = hubSignature(text, secrets["WEBHOOK_SECRETS"] ?? "");
  return request(`${project.ingestUrl}/webhook/`, {
    body: text,
    headers: wait ? { ...headers, prefer: "wait=25" } : headers,
  });
};
const read = (path: string) =>
  request<{ messages: Array<{ id: string }> }>(`${project.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${secrets["API_TOKENS"]}` },
  });

test("only ingest and the web app are published, where they are told to be", async () => {
  const published = (await project.published()).filter(({ ports }) => ports !== "");
  expect(published.map(({ service }) => service).sort()).toEqual(["ingest", "web"]);
  expect(published.find(({ service }) => service === "web")?.ports).toMatch(/^127\.0\.0\.1:/);
});

test("the image adds at most 100 MB to the one it is made from", async () => {
  expect(await project.imageOverBase()).toBeLessThan(100e6);
});

test("metrics and documentation are not where senders post", async () => {
  for (const path of ["/metrics", "/docs", "/docs/swagger-ui.css", "/openapi.json"]) {
    expect([path, (await fetch(`${project.ingestUrl}${path}`)).status]).toEqual([path, 404]);
  }
  const inside = await project.inside("worker", "curl", "--silent", "http://127.0.0.1:9464/metrics");
  expect(inside.output).toContain("fio_worker_outcomes_total");
});

test("the doctor sees every part from its own container, which reads no message", async () => {
  const said = await project.compose("run", "--rm", "doctor").catch(String);
  for (const part of ["ingest", "worker", "api", "web"])
    expect(said).toMatch(new RegExp(`^  ok +${part} +\\d+\\.\\d+\\.\\d+, ready, at http`, "m"));
  for (const about of ["redis", "database", "schema", "roles", "disk"])
    expect(said).toMatch(new RegExp(`^[ !X].* ${about} `, "m"));
  expect(said).not.toMatch(/^X .* (redis|database|schema|roles) /m);
  expect(said).toMatch(/connected to this database: .*fio_doctor 1.*fio_worker \d/);
});

test("it is closed by default: an unsigned webhook is refused", async () => {
  expect((await request(`${project.ingestUrl}/webhook/`, { body: creation() })).status).toBe(401);
});

test("what an agent does is taken from the web app's secret alone", async () => {
  const act = {
    type: "RESOLVE_REJECTION",
    timestamp: new Date().toISOString(),
    data: { receipt: "1740133242349308", conversation_id: randomUUID(), how: "seen" },
  };
  const text = JSON.stringify(act);
  const postAs = (secret: string) =>
    request(`${project.ingestUrl}/webhook/`, {
      body: text,
      headers: { ...hubSignature(text, secret), prefer: "wait=25" },
    });
  expect((await postAs(secrets["WEBHOOK_SECRETS"] ?? "")).status).toBe(403);
  expect((await postAs(secrets["WEB_SECRETS"] ?? "")).status).toBe(200);
});

eachPartHoldsOnlyWhatItNeeds(() => ({ project, secrets }));

test("the agents' app leads whoever is not signed in to the page for that, and gives no data", async () => {
  const answer = await fetch(project.webUrl, { headers: { accept: "text/html" } });
  expect([answer.status, new URL(answer.url).pathname]).toEqual([200, "/sign-in"]);
  expect((await fetch(`${project.webUrl}/data/conversations`)).status).toBe(401);
});

test("the first admin's account is made by one command, which prints a link that the app takes", async () => {
  const printed = await project.compose("run", "--rm", "agent", "add", "ana@fio.example", "Ana", "--admin");
  const key = /\/welcome\?key=([\w-]{43})/.exec(printed)?.[1] ?? "";
  expect((await fetch(`${project.webUrl}/welcome?key=${key}`)).status).toBe(200);
  expect((await fetch(`${project.webUrl}/welcome?key=${"x".repeat(43)}`)).status).toBe(404);
});

test(
  "the read API wants its token, and the whole Postman collection passes",
  async () => {
    await project.composeWithApi("up", "--detach");
    await untilReady(project.apiUrl, project.ingestUrl);
    expect((await request(`${project.apiUrl}/conversations/`)).status).toBe(401);
    const { failures } = await runPostman("compose", {
      ingest_url: project.ingestUrl,
      api_url: project.apiUrl,
      ingest_operations_url: project.ingestOperationsUrl,
      api_operations_url: project.apiOperationsUrl,
      webhook_secret: secrets["WEBHOOK_SECRETS"] ?? "",
      api_token: secrets["API_TOKENS"] ?? "",
    });
    expect(failures).toEqual([]);
  },
  SLOW,
);

test(
  "a worker that crashes comes back, a restarted Redis and a new up lose nothing",
  async () => {
    const c = randomUUID();
    const sent: string[] = [];
    const say = async (wait = true): Promise<void> => {
      const event = message(c);
      sent.push(String(event.data["id"]));
      expect((await post(event, wait)).status).toBe(wait ? 201 : 202);
    };
    const allThere = () =>
      until(
        async () => {
          const { status, body } = await read(`/conversations/${c}/`);
          return status === 200 && sent.every((id) => body.messages.some((one) => one.id === id));
        },
        { what: "every message is in the store", limitMs: 120_000, everyMs: 250 },
      );
    expect((await post(creation(c))).status).toBe(201);
    await say();

    const [worker] = await project.pids("worker");
    process.kill(worker!, "SIGKILL");
    await say(false);
    await allThere();

    await project.composeWithApi("kill", "-s", "SIGKILL", "worker");
    await say(false);
    // What was accepted lies in its append-only file, which it reads under the rules of its own users.
    await project.composeWithApi("restart", "redis");
    await project.composeWithApi("up", "--detach", "--scale", "worker=3");
    await allThere();
    expect(await project.pids("worker")).toHaveLength(3);

    await until(async () => (await post(message(randomUUID()), false)).status === 202, {
      what: "ingest accepts again",
      limitMs: 60_000,
    });
    // Events are accepted a moment before outcomes are heard again; ready is who has both.
    await ready();
    await say();

    await project.composeWithApi("down");
    await project.composeWithApi("up", "--detach");
    await ready();
    await allThere();
    await say();
  },
  SLOW,
);
