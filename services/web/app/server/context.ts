import type { Log } from "@fio/service/log";
import type { Api } from "../../server/api.ts";
import type { Ingest } from "../../server/ingest.ts";

/** What every loader and action is given. */
export type PageContext = {
  api: Api;
  ingest: Ingest;
  /** Whether an agent may write as if they were the customer. */
  simulator: boolean;
  /** Whether agents reach the app over TLS alone. */
  secureCookies: boolean;
  log: Log;
  /** Aborted when the server stops: live streams end then. */
  stopping: AbortSignal;
};

declare module "@remix-run/node" {
  // Remix reads the type of what loaders are given from an interface that the app extends.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface AppLoadContext extends PageContext {
    /** Of the Content-Security-Policy of this answer. */
    nonce: string;
  }
}
