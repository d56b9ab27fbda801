import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "../support/client.ts";
import { creation, message, type SentEvent } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { composeProject, untilReady, type Project } from "./project.ts";
import { printedSecrets } from "./secrets.ts";

/* The backup of Postgres and its restoring, as docs/operations.md has them, with the tools of compose's own Postgres. */

const DUMP = "/tmp/fio.dump";

let project: Project;
let secrets: Record<string, string>;
beforeAll(async () => {
  project = await composeProject();
  await project.compose("build", "secrets");
  await project.composeWithApi("up", "--detach");
  await untilReady(project.ingestUrl, project.apiUrl);
  secrets = await printedSecrets(project);
}, 900_000);
afterAll(() => project.remove(), 120_000);

const post = async (event: SentEvent): Promise<number> => {
  const text = JSON.stringify(event);
  const headers = { ...hubSignature(text, secrets["WEBHOOK_SECRETS"] ?? ""), prefer: "wait=25" };
  return (await request(`${project.ingestUrl}/webhook/`, { body: text, headers })).status;
};

/** Runs a command line in the container of Postgres; throws with its output when it fails. */
const inPostgres = async (line: string): Promise<string> => {
  const { code, output } = await project.inside("postgres", "sh", "-c", line);
  if (code !== 0) throw new Error(`${line}:\n${output}`);
  return output.trim();
};
const ask = (database: string, sql: string): Promise<string> =>
  inPostgres(`psql -U fio -d ${database} -At -c "${sql}"`);

const backUp = (): Promise<string> => inPostgres(`pg_dump -U fio --format=custom fio > ${DUMP}`);
const restore = (database: string): Promise<string> =>
  inPostgres(`pg_restore -U fio --clean --if-exists --dbname=${database} < ${DUMP}`);

/** Of every table all rows, as one hash. */
async function contentOf(database: string): Promise<Record<string, string>> {
  const tables = (
    await ask(database, "select tablename from pg_tables where schemaname = 'public' order by 1")
  )
    .split("\n")
    .filter((table) => table !== "");
  const hashes = await Promise.all(
    tables.map((table) =>
      ask(
        database,
        `select md5(coalesce(string_agg(one::text, ' ' order by one::text), '')) from ${table} as one`,
      ),
    ),
  );
  return Object.fromEntries(tables.map((table, index) => [table, hashes[index] ?? ""]));
}

const idsIn = async (database: string, conversation: string): Promise<Set<string>> =>
  new Set(
    (await ask(database, `select id from messages where conversation_id = '${conversation}'`)).split("\n"),
  );

test("a backup under load holds a moment, and restored elsewhere it is the same by content", async () => {
  const c = randomUUID();
  expect(await post(creation(c))).toBe(201);
  const sent: SentEvent[] = [];
  const say = async (): Promise<void> => {
    const event = message(c, { content: `Olá ${sent.length} ${"olá ".repeat(100)}` });
    expect(await post(event)).toBe(201);
    sent.push(event);
  };
  for (let count = 0; count < 50; count += 1) await say();
  const before = sent.map(({ data }) => data["id"] ?? "");

  const done = new AbortController();
  const taking = backUp().finally(() => done.abort());
  while (!done.signal.aborted || sent.length < 60) await say();
  await taking;
  await inPostgres("createdb -U fio moment");
  await restore("moment");
  const [copy, all] = [await idsIn("moment", c), await idsIn("fio", c)];
  for (const id of before) expect(copy).toContain(id);
  for (const id of copy) expect(all).toContain(id);
  // A moment: the row that counts the messages was copied with them.
  const counted = await ask("moment", `select message_count from conversations where id = '${c}'`);
  expect(Number(counted)).toBe(copy.size);

  // With nothing coming in, table by table.
  await project.composeWithApi("stop", "worker", "api");
  await backUp();
  await inPostgres("createdb -U fio still");
  await restore("still");
  const original = await contentOf("fio");
  expect(Object.keys(original)).toContain("messages");
  expect(await contentOf("still")).toEqual(original);
}, 300_000);

test("restored in its place, with the roles' rights, it goes on, and takes again what is sent again", async () => {
  await project.composeWithApi("up", "--detach");
  await untilReady(project.ingestUrl, project.apiUrl);
  const c = randomUUID();
  const [kept, lost] = [message(c), message(c)];
  expect(await post(creation(c))).toBe(201);
  expect(await post(kept)).toBe(201);
  await backUp();
  expect(await post(lost)).toBe(201);

  await project.composeWithApi("stop", "worker", "api");
  await restore("fio");
  await project.compose("run", "--rm", "roles");
  await project.compose("run", "--rm", "migrate");
  await project.composeWithApi("up", "--detach");
  await untilReady(project.ingestUrl, project.apiUrl);

  const read = async (): Promise<string[]> => {
    const { body } = await request<{ messages: Array<{ id: string }> }>(
      `${project.apiUrl}/conversations/${c}/`,
      { headers: { authorization: `Bearer ${secrets["API_TOKENS"]}` } },
    );
    return body.messages.map(({ id }) => id);
  };
  expect(await read()).toEqual([kept.data["id"]]);
  await until(async () => [200, 201].includes(await post(lost)), {
    what: "what was lost is taken again",
    limitMs: 60_000,
  });
  expect((await read()).toSorted()).toEqual([kept, lost].map(({ data }) => data["id"]).toSorted());
}, 300_000);
