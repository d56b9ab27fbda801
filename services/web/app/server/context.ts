import type { Log } from "@fio/service/log";
import type { Accounts, KnownAccount } from "../../server/accounts.ts";
import type { Api } from "../../server/api.ts";
import type { Door } from "../../server/door.ts";
import type { Ingest } from "../../server/ingest.ts";
import type { FetchMedia } from "../../server/media/fetch-media.ts";

/** What every loader and action is given. */
export type PageContext = {
  /** As the agent of a session asks it. */
  apiFor: (session: string | null) => Api;
  ingest: Ingest;
  accounts: Accounts;
  fetchMedia: FetchMedia;
  door: Door;
  /** Whether nobody gets in without an account. */
  signInRequired: boolean;
  /** What the issuer of identities is called that agents may sign in by; `null`: there is none. */
  oidcName: string | null;
  /** Whether an agent may write as if they were the customer. */
  simulator: boolean;
  /** Where agents reach the app; `undefined`: on this machine alone. */
  publicUrl: URL | undefined;
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
    api: Api;
    /** Who is signed in; `null` where sign-in is off, and on the pages before it. */
    agent: KnownAccount | null;
    session: string | null;
    /** The browser's address, behind proxies too. */
    client: string;
  }
}
