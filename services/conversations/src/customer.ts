import { once } from "node:events";
import { SettingError } from "@fio/service/env";
import { createLog } from "@fio/service/log";
import { openPartitions } from "@fio/service/partitions";
import { connectRedis, patient, whenReady } from "@fio/service/redis";
import { readReplayConfig } from "./config.ts";
import { USAGE, readCommand, type Command } from "./customer/command.ts";
import { erase as eraseForGood } from "./customer/erase.ts";
import { exportConversation, exportCustomer, type ExportLine } from "./customer/export.ts";
import { describe, findEach } from "./customer/find.ts";
import { openStore, type Store } from "./store/connect.ts";
import { isStored, unfinishedErasures } from "./store/erase.ts";
import { unfinishedCustomers } from "./store/erased-contacts.ts";
import { overdueReceipt } from "./store/queries/reported.ts";
import { untilDone } from "./store/retry.ts";
import { wipeFreePages } from "./store/wipe.ts";

/* For operators: gives out, or erases for good, what is stored of a customer. What it does: docs/operations.md. */

const REDIS_MS = 10_000;
const WIPE_MS = 60_000;
const OVERDUE_MS = 6_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wrong = (line: string): SettingError => new SettingError(line);

const overdue = () => overdueReceipt({ now: Date.now(), graceMs: OVERDUE_MS });

async function print(lines: AsyncIterable<ExportLine>): Promise<number> {
  let count = 0;
  for await (const line of lines) {
    count += 1;
    if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, "drain");
  }
  return count;
}

async function exportAll(store: Store, conversations: readonly string[]): Promise<void> {
  for (const id of conversations) {
    const lines = await print(exportConversation(store.read, { id, overdue: overdue() }));
    if (lines === 0) throw wrong(`no conversation ${id} is stored`);
  }
}

async function exportCustomers(store: Store, asked: readonly string[]): Promise<void> {
  for (const { contacts } of await findEach(store, asked))
    await print(exportCustomer(store.read, { contacts, overdue: overdue() }));
}

/** Says who they are before anything goes. */
async function eraseCustomers(
  store: Store,
  {
    redisUrl,
    contacts,
    yes,
    wipeLater,
  }: Extract<Command, { kind: "erase customers" }> & { redisUrl: string },
): Promise<void> {
  const found = await findEach(store, contacts);
  for (const line of await describe(store, found)) say(line);
  const keys = found.map((customer) => customer.contacts.map(({ key }) => key));
  if (yes) return eraseAll(store, { redisUrl, wipeLater, customers: keys });
  const named = keys.map(([key]) => `--contact ${key}`).join(" ");
  say(
    `nothing is erased yet; for good, with all their conversations: npm run customer -- erase ${named} --yes`,
  );
}

async function erase(
  store: Store,
  { redisUrl, ...command }: Extract<Command, { kind: "erase" }> & { redisUrl: string },
): Promise<void> {
  const { unknown, wipeLater } = command;
  const isRest = command.conversations.length === 0;
  const conversations = isRest ? await unfinishedErasures(store) : command.conversations;
  const customers = await unfinishedCustomers({ dialect: store.dialect, knex: store.write }, 1);
  if (conversations.length === 0 && customers.length === 0) {
    say("nothing is left to be finished");
    return;
  }
  for (const id of conversations) {
    if (!unknown && !(await isStored(store, id))) {
      throw wrong(`nothing is stored of ${id}: --unknown erases what may come of it all the same`);
    }
  }
  return eraseAll(store, { redisUrl, wipeLater, conversations });
}

async function eraseAll(
  store: Store,
  {
    redisUrl,
    wipeLater,
    ...what
  }: { redisUrl: string; wipeLater: boolean } & Pick<
    Parameters<typeof eraseForGood>[0],
    "conversations" | "customers"
  >,
): Promise<void> {
  const log = createLog({ service: "customer", level: "warn" });
  const partitions = openPartitions((partition) =>
    connectRedis({ url: redisUrl, options: patient, log, name: "customer", partition }),
  );
  try {
    await whenReady(partitions.at(0), REDIS_MS);
    const used = await partitions.look();
    const connections = Array.from({ length: used }, (_, one) => partitions.at(one));
    for (const connection of connections) await whenReady(connection, REDIS_MS);
    const { conversations, buried, jobs } = await eraseForGood({
      ...{ store, ...what, partitions: connections },
      now: Date.now,
    });
    const customers = what.customers?.length ?? 0;
    say(
      `erased: ${customers === 0 ? "" : `customers: ${customers}, conversations: `}${conversations} ` +
        `(${conversations - buried} of them before), jobs cleared: ${jobs}`,
    );
  } finally {
    partitions.close();
  }
  if (store.dialect === "sqlite") {
    if (wipeLater) say("the file's free pages hold it until: npm run customer -- wipe");
    else await wipe(store);
  }
}

async function wipe(store: Store): Promise<void> {
  if (store.dialect === "postgres") throw wrong("Postgres does that by itself: see docs/operations.md");
  await untilDone(() => wipeFreePages(store), { signal: AbortSignal.timeout(WIPE_MS) });
  say("the file is written anew, without what was erased");
}

async function carryOut(command: Command): Promise<void> {
  if (command.kind === "help") {
    say(USAGE);
    return;
  }
  const { databaseUrl, redisUrl } = readReplayConfig(process.env);
  const store = openStore(databaseUrl);
  try {
    switch (command.kind) {
      case "export": {
        await exportAll(store, command.conversations);
        return;
      }
      case "export customers": {
        await exportCustomers(store, command.contacts);
        return;
      }
      case "erase customers": {
        await eraseCustomers(store, { ...command, redisUrl });
        return;
      }
      case "erase": {
        await erase(store, { ...command, redisUrl });
        return;
      }
      case "wipe": {
        await wipe(store);
        return;
      }
      default:
        return command satisfies never;
    }
  } finally {
    await store.close();
  }
}

try {
  await carryOut(readCommand(process.argv.slice(2)));
} catch (error) {
  const isTold = error instanceof SettingError;
  process.stderr.write(
    isTold ? `${error.message}\n` : `failed, and doing it again is harmless: ${(error as Error).message}\n`,
  );
  process.exitCode = 1;
}
