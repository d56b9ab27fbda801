// vitest is extended by interface merging alone.
/* eslint-disable @typescript-eslint/consistent-type-definitions */
import type { TestProject } from "vitest/node";
import { containedPostgres, containedRedis, usesContainers } from "./containers.ts";
import { startPostgres } from "./postgres-server.ts";
import { startRedis } from "./redis-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One Redis for all suites; each takes a database or a prefix of its own, or starts its own to break it. */
    redisUrl: string;
    /** One Postgres for all suites, of a user that may create databases: each takes its own, see databases.ts. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [redis, postgres] = await (usesContainers()
    ? Promise.all([containedRedis(), containedPostgres()])
    : Promise.all([startRedis(), embeddedPostgres()]));
  project.provide("redisUrl", redis.url);
  project.provide("postgresUrl", postgres.url);
  return async () => {
    await Promise.all([redis.remove(), postgres.remove()]);
  };
}

/** Faults have servers of their own: what the shared one holds need not survive the machine. */
async function embeddedPostgres(): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = await startPostgres({ settings: ["fsync=off", "full_page_writes=off"] });
  return { url: await server.createDatabase("fio"), remove: server.remove };
}
