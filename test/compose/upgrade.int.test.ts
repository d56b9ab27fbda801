import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { composeProject, untilReady, type Project } from "./project.ts";
import { printedSecrets } from "./secrets.ts";

const OLD = "test/compose/before-roles.yml";

let project: Project;
beforeAll(async () => {
  project = await composeProject();
  await project.compose("build", "secrets");
}, 600_000);
afterAll(() => project.remove(), 120_000);

test("an installation with a superuser for all and an open Redis is upgraded by `up`, and loses nothing", async () => {
  await project.composeOf(OLD, "up", "--detach");
  await untilReady(project.ingestUrl);
  const kept = await oldSecrets();
  const post = async (event: unknown, wait: boolean): Promise<number> => {
    const text = JSON.stringify(event);
    const headers = hubSignature(text, kept["WEBHOOK_SECRETS"] ?? "");
    const asked = wait ? { ...headers, prefer: "wait=25" } : headers;
    return (await request(`${project.ingestUrl}/webhook/`, { body: text, headers: asked })).status;
  };
  const c = randomUUID();
  const applied = message(c);
  expect(await post(creation(c), true)).toBe(201);
  expect(await post(applied, true)).toBe(201);
  // Accepted, and still in Redis when the upgrade comes.
  await project.composeOf(OLD, "stop", "worker");
  const queued = Array.from({ length: 20 }, () => message(c));
  for (const event of queued) expect(await post(event, false)).toBe(202);

  await project.composeWithApi("up", "--detach");
  await untilReady(project.ingestUrl, project.apiUrl, project.webUrl);
  const secrets = await printedSecrets(project);
  expect(secrets).toMatchObject(kept);

  const read = () =>
    request<{ messages: Array<{ id: string; content: string }> }>(
      `${project.apiUrl}/conversations/${c}/?limit=100`,
      { headers: { authorization: `Bearer ${secrets["API_TOKENS"]}` } },
    );
  const fresh = message(c);
  expect(await post(fresh, true)).toBe(201);
  await until(async () => (await read()).body.messages.length === queued.length + 2, {
    what: "all that was accepted is in the store",
    limitMs: 60_000,
  });
  const contents = (await read()).body.messages.map(({ id, content }) => ({ id, content }));
  const sent = [applied, ...queued, fresh].map(({ data }) => ({ id: data["id"], content: data["content"] }));
  expect(contents).toEqual(expect.arrayContaining(sent));
}, 400_000);

/** As they lie in the volume. */
async function oldSecrets(): Promise<Record<string, string>> {
  const names = { WEBHOOK_SECRETS: "webhook_secrets", WEB_SECRETS: "web_secrets", API_TOKENS: "api_tokens" };
  const all = await Promise.all(
    Object.entries(names).map(async ([name, file]) => {
      const { output } = await project.inside("ingest", "cat", `/run/fio/${file}`);
      return [name, output.trim()] as const;
    }),
  );
  return Object.fromEntries(all);
}
