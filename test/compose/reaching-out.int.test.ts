import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../scripts/lib/run.ts";
import { selfSigned } from "../support/certificate.ts";
import { request } from "../support/client.ts";
import { startGraphApi, type GraphApi } from "../support/graph-api/graph-api.ts";
import { CLIENT, startIssuer, type TestIssuer } from "../support/oidc/issuer.ts";
import { visit } from "../support/oidc/visit.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { composeProject, untilReady, type Project } from "./project.ts";
import { printedSecrets } from "./secrets.ts";

/*
 * What compose lets out, and only where it is told to: answers to Meta with `--profile whatsapp`, and the read API to an
 * issuer of identities with docker/oidc.yml, whose certificate is of the office's own authority. Both stand on this machine, at the address that containers know it by.
 */

const NUMBER = "106540352242922";
const TOKEN = "a token of Meta's for compose";
const APP_SECRET = "what Meta's webhooks are signed with";
const FILES = ["docker/publish-api.yml", "docker/oidc.yml", "docker/oidc-ca.yml"];
const CUSTOMER = "5511912345678";

let directory: string;
let graph: GraphApi;
let issuer: TestIssuer;
let project: Project;
let secrets: Record<string, string>;

const up = (): Promise<string> => project.composeWith(FILES, "--profile", "whatsapp", "up", "--detach");

beforeAll(async () => {
  const { output } = await run("docker", [
    ...["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
  ]);
  const host = output.trim();
  graph = await startGraphApi({
    ...{ host, token: TOKEN },
    hook: () => ({ url: `${project.whatsappUrl}/whatsapp/meta`, appSecret: APP_SECRET }),
  });
  const tls = selfSigned(host);
  directory = await mkdtemp(join(tmpdir(), "fio-issuer-"));
  const authority = join(directory, "ca.pem");
  await writeFile(authority, tls.certificate);
  // The test goes the way of a browser that trusts the office's authority.
  setDefaultCACertificates([...getCACertificates(), tls.certificate]);
  issuer = await startIssuer({ host, tls });
  project = await composeProject({
    ...{ WHATSAPP_APP_SECRETS: APP_SECRET, WHATSAPP_TOKEN: TOKEN, WHATSAPP_NUMBERS: NUMBER },
    ...{ GRAPH_URL: graph.url, DELIVERY_URL: "http://whatsapp:8002/deliveries" },
    ...{ OIDC_ISSUER: issuer.url, OIDC_NAME: "Padaria", OIDC_ALLOWED_DOMAINS: "padaria.example" },
    ...{ OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_CA_FILE: authority },
    ...{ WHATSAPP_URL: "http://whatsapp:8002" },
  });
  issuer.leadsTo([`${project.webUrl}/sign-in/oidc/callback`]);
  issuer.people.set("ana", { email: "ana@padaria.example", email_verified: true, name: "Ana Lima" });
  await project.compose("build", "secrets");
  await up();
  await untilReady(project.ingestUrl, project.apiUrl, project.webUrl, project.whatsappUrl);
  secrets = await printedSecrets(project);
}, 900_000);
afterAll(async () => {
  await project.remove();
  await graph.close();
  await issuer.close();
  await rm(directory, { recursive: true, force: true });
}, 120_000);

type Told = { id: string; content: string; state?: { status: string } };
type Row = { id: string; contact?: { name?: string } };

const read = async <Body>(path: string): Promise<Body> =>
  (
    await request<Body>(`${project.apiUrl}${path}`, {
      headers: { authorization: `Bearer ${secrets["API_TOKENS"]}` },
    })
  ).body;

/** The customer's conversation, once it is there. */
const conversationOf = async (name: string): Promise<string> => {
  const find = async (): Promise<string | undefined> =>
    (await read<Row[]>("/conversations/")).find(({ contact }) => contact?.name === name)?.id;
  return until(find, { what: `the conversation of ${name} is there`, limitMs: 30_000 });
};

/** As the web app posts what an agent has written. */
async function answer(conversation: string, content: string): Promise<string> {
  const id = randomUUID();
  const text = JSON.stringify({
    type: "NEW_MESSAGE",
    timestamp: new Date().toISOString(),
    data: {
      ...{ id, direction: "SENT", content, conversation_id: conversation },
      author: { id: randomUUID(), name: "Ana Lima" },
    },
  });
  const headers = { ...hubSignature(text, secrets["WEB_SECRETS"] ?? ""), prefer: "wait=25" };
  expect((await request(`${project.ingestUrl}/webhook/`, { body: text, headers })).status).toBe(201);
  return id;
}
const statusOf = async (conversation: string, id: string): Promise<string | undefined> => {
  const { messages } = await read<{ messages: Told[] }>(`/conversations/${conversation}/`);
  return messages.find((message) => message.id === id)?.state?.status;
};

test("Meta's verification is answered with the token that compose has made", async () => {
  const ask = (token: string) =>
    fetch(
      `${project.whatsappUrl}/whatsapp/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
    );
  const answered = await ask(secrets["WHATSAPP_VERIFY_TOKENS"] ?? "");
  expect([answered.status, await answered.text()]).toEqual([200, "1158201444"]);
  expect((await ask("another")).status).toBe(401);
});

test("a customer writes, an answer reaches the phone once, and its statuses come back", async () => {
  await graph.write({ from: CUSTOMER, name: "Ana Souza", text: "Vocês entregam hoje?" });
  const conversation = await conversationOf("Ana Souza");
  const id = await answer(conversation, "Entregamos até as 18h.");
  const [arrived] = await until(() => (graph.phone.length > 0 ? graph.phone : undefined), {
    what: "the answer reaches the phone",
    limitMs: 30_000,
  });
  expect(arrived).toMatchObject({ to: CUSTOMER, text: "Entregamos até as 18h.", phoneNumberId: NUMBER });
  await graph.tell(arrived!, ["sent", "delivered", "read"]);
  await until(async () => (await statusOf(conversation, id)) === "READ", {
    what: "the answer is known to be read",
    limitMs: 30_000,
  });
  expect(graph.phone).toHaveLength(1);
}, 120_000);

test("answers written while the container is gone leave once it is back, once and in order", async () => {
  const conversation = await conversationOf("Ana Souza");
  graph.phone.length = 0;
  await project.composeWith(FILES, "--profile", "whatsapp", "kill", "-s", "SIGKILL", "whatsapp");
  for (const text of ["um", "dois", "três"]) await answer(conversation, text);
  await up();
  await until(() => graph.phone.length >= 3, { what: "three answers reach the phone", limitMs: 90_000 });
  expect(graph.phone.map(({ text }) => text)).toEqual(["um", "dois", "três"]);
}, 180_000);

test("the container has its own secrets, no way to the database, and the doctor sees it", async () => {
  const files = (await project.inside("whatsapp", "ls", "/run/fio")).output.trim().split("\n").join(" ");
  expect(files).toBe(
    "api_tokens delivery_secrets redis_url web_secrets webhook_secrets whatsapp_verify_tokens",
  );
  const status = (await project.inside("whatsapp", "cat", "/proc/1/status")).output;
  expect(status).toMatch(/^Uid:\t[1-9]/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
  const reach = `require("node:net").connect(5432, "postgres").once("connect", () => console.log("reached")).once("error", () => console.log("not reached"))`;
  expect((await project.inside("whatsapp", "node", "-e", reach)).output.trim()).toBe("not reached");
  const said = await project.compose("run", "--rm", "doctor").catch(String);
  expect(said).toMatch(/^ {2}ok +whatsapp +\d+\.\d+\.\d+, ready, at http/m);
});

test("an agent of the office signs in by its issuer", async () => {
  const begun = await fetch(`${project.webUrl}/sign-in/oidc`, { redirect: "manual" });
  expect(begun.status).toBe(303);
  const cookie = begun.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  const back = await visit(begun.headers.get("location") ?? "", "ana");
  const entered = await fetch(back, { redirect: "manual", headers: { cookie: cookie.join("; ") } });
  const session = entered.headers.getSetCookie().find((line) => /session=./.test(line));
  expect(session).toBeDefined();
  const mine = await fetch(`${project.webUrl}/data/conversations`, {
    headers: { cookie: session?.split(";", 1)[0] ?? "" },
  });
  expect(mine.status).toBe(200);
});
