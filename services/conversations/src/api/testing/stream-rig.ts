import { afterAll, afterEach, beforeAll, inject } from "vitest";
import { sqliteDatabase } from "../../../../../test/support/databases.ts";
import { until } from "../../../../../test/support/until.ts";
import type { Store } from "../../store/connect.ts";
import { migratedStore } from "../../store/testing/fixture.ts";
import type { LiveLimits } from "../live/live.ts";
import { startApi, type Api } from "./start-api.ts";
import { followStream, type Frame, type StreamClient } from "./stream-client.ts";

export type StreamRig = {
  store: () => Store;
  /** An api that reads its stream; closed after the test, unless the test has. */
  start: (limits?: Partial<LiveLimits>) => Promise<Api>;
  /** A client, closed after the test. */
  follow: (api: Api, options?: Parameters<typeof followStream>[1]) => Promise<StreamClient>;
};

/** To be called once at the top of a suite. */
export function streamRig(): StreamRig {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(sqliteDatabase)));
  afterAll(() => remove());

  const opened: Api[] = [];
  const clients: StreamClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(opened.splice(0).map((api) => api.close()));
  });
  return {
    store: () => store,
    start: async (limits = {}) => {
      const api = await startApi({ store, redisUrl: inject("redisUrl"), limits });
      opened.push(api);
      await until(() => api.live.position(), { what: "the stream is read" });
      return api;
    },
    follow: async (api, options) => {
      const client = await followStream(api.url, options);
      clients.push(client);
      return client;
    },
  };
}

export const versionOf = ({ data }: Frame): number => {
  if (data.event === "conversation") return data.conversation.version;
  return data.event === "message" || data.event === "message_removed" ? data.version : -1;
};

export const rowIdOf = ({ data }: Frame): string =>
  data.event === "conversation" ? data.conversation.id : "";
