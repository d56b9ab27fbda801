import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@fio/service/log";
import type { Store } from "./connect.ts";
import { withLongStatements } from "./long-statements.ts";
import { RECEIPT_INDEXES, giveOwnReceipts, type ReceiptIndex, type Run } from "./receipt-indexes.ts";

const REST_MS = 10_000;
const LOCK = 4_616_191;

/**
 * Builds the unique indexes of receipts where the migration left them out, the tables being large: while others read
 * and write. Resolves when all are there or `signal` says to stop. Never throws; a fault is logged and tried again.
 */
export async function buildReceiptIndexes({
  store,
  log,
  signal,
  restMs = REST_MS,
}: {
  store: Store;
  log: Log;
  signal: AbortSignal;
  restMs?: number;
}): Promise<void> {
  if (store.dialect === "sqlite") return;
  if (store.pooled) {
    log.info("the indexes of receipts are left to the migration, which reaches Postgres itself");
    return;
  }
  while (!signal.aborted) {
    try {
      if (await buildOnce(store, log)) return;
    } catch (error) {
      log.warn({ err: error }, "the indexes of receipts are not built yet, retrying");
    }
    await sleep(restMs, undefined, { signal }).catch(() => {});
  }
}

/** False when another worker is at it. */
const buildOnce = ({ write }: Store, log: Log): Promise<boolean> =>
  withLongStatements(write, async (run) => {
    const missing = await missingOnes(run);
    if (missing.length === 0) return true;
    if (!(await ownsTables(run))) {
      log.info("the indexes of receipts are left to the migration, which owns the tables");
      return true;
    }
    const [lock] = await run(`select pg_try_advisory_lock(${LOCK}) as mine`);
    if (lock?.["mine"] !== true) return false;
    try {
      for (const index of await missingOnes(run)) await build(run, index, log);
    } finally {
      await run(`select pg_advisory_unlock(${LOCK})`);
    }
    return true;
  });

async function ownsTables(run: Run): Promise<boolean> {
  const [row] = await run(`select bool_and(pg_has_role(relowner, 'usage')) as owns from pg_class
    where oid = any(array[${RECEIPT_INDEXES.map(({ table }) => `'${table}'::regclass`).join(", ")}])`);
  return row?.["owns"] === true;
}

async function missingOnes(run: Run): Promise<ReceiptIndex[]> {
  const names = RECEIPT_INDEXES.map(({ name }) => `'${name}'`).join(", ");
  const rows = await run(`select relname from pg_class join pg_index on indexrelid = oid
    where indisvalid and relname in (${names})`);
  const valid = new Set(rows.map(({ relname }) => relname));
  return RECEIPT_INDEXES.filter(({ name }) => !valid.has(name));
}

async function build(run: Run, index: ReceiptIndex, log: Log): Promise<void> {
  const { name, table, column } = index;
  const started = performance.now();
  for (;;) {
    // What an attempt that was broken off has left.
    await run(`drop index concurrently if exists ${name}`);
    try {
      await run(`create unique index concurrently ${name} on ${table} (${column})`);
      break;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "23505")) throw error;
      const rows = await giveOwnReceipts(run, index);
      log.error({ table, rows }, "receipts had been given twice; each row has its own now");
    }
  }
  log.info({ index: name, ms: Math.round(performance.now() - started) }, "an index of receipts is built");
}
