// vitest is extended by interface merging alone.
/* eslint-disable @typescript-eslint/consistent-type-definitions */
import type { TestProject } from "vitest/node";
import { containedRedis, usesContainers } from "./containers.ts";
import { startRedis } from "./redis-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One Redis for all suites; each takes a database or a prefix of its own, or starts its own to break it. */
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = usesContainers() ? await containedRedis() : await startRedis();
  project.provide("redisUrl", redis.url);
  return redis.remove;
}
