import type { RequestListener } from "node:http";

/** Where a rival finds its servers; empty where it needs none. */
export type Servers = { redisUrl: string; databaseUrl: string };

/**
 * A service that takes the same webhooks as Fio, written and tuned as its users would. Each file says in its first comment
 * what a 2xx promises, and `promise` says it in the tables.
 */
export type Rival = {
  title: string;
  promise: string;
  /** Of its intake: the rest of what it needs follows from there. */
  intake: (servers: Servers) => Promise<RequestListener>;
  /** Works off its queue, in a process of its own. */
  worker?: (servers: Servers) => Promise<void>;
};
