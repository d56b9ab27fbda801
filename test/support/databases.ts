import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, inject } from "vitest";
// What it provides.
import type {} from "./global-setup.ts";

/** An empty database of a suite's own, without a schema. */
export type Database = {
  /** As `DATABASE_URL` takes it. */
  url: string;
  remove: () => Promise<void>;
};

export type DatabaseKind = "sqlite" | "postgres";

/** Runs a suite once on each database; `create` gives as many empty ones as it asks for. */
export function forEachDatabase(
  suite: (database: { kind: DatabaseKind; create: () => Promise<Database> }) => void,
): void {
  for (const kind of ["sqlite", "postgres"] as const) {
    describe(`on ${kind}`, () =>
      suite({ kind, create: kind === "sqlite" ? sqliteDatabase : () => postgresDatabase() }));
  }
}

export async function sqliteDatabase(): Promise<Database> {
  const directory = await mkdtemp(join(tmpdir(), "fio-sqlite-"));
  return {
    url: `sqlite:${join(directory, "fio.db")}`,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** `encoding` of Postgres, e.g. LATIN1. */
export async function postgresDatabase({ encoding = "UTF8" }: { encoding?: string } = {}): Promise<Database> {
  const server = inject("postgresUrl");
  const name = `fio_${randomUUID().replaceAll("-", "")}`;
  const unlike = encoding === "UTF8" ? "" : ` encoding '${encoding}' locale 'C' template template0`;
  await run(server, `create database ${name}${unlike}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => run(server, `drop database ${name} with (force)`) };
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
