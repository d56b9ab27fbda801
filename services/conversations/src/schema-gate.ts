import { repeat } from "@fio/service/repeat";
import type { Log } from "@fio/service/log";
import type { Store } from "./store/connect.ts";
import { untilDone } from "./store/retry.ts";
import { schemaFault } from "./store/schema.ts";

const LOOK_MS = 2_000;
const WAITING = "waiting for the store";

export type SchemaGate = {
  /** Why no work can be done with this store, in one line; `null` while the gate is open. */
  fault: () => string | null;
  /** Looks at the schema until `signal`; rejects with what `prepare` throws. */
  watch: () => Promise<void>;
};

/**
 * Keeps work from a store whose schema does not fit: `open` once it does, `shut` whenever it no longer does, e.g. when
 * a migration has come that needs newer code. Before the first look the store is prepared, for as long as it is away.
 */
export function createSchemaGate({
  store,
  prepare,
  open,
  shut,
  log,
  signal,
}: {
  store: Store;
  prepare: () => Promise<void>;
  open: () => void;
  shut: () => void;
  log: Log;
  signal: AbortSignal;
}): SchemaGate {
  let fault: string | null = WAITING;

  const look = async (): Promise<void> => {
    const next = await schemaFault(store);
    if (signal.aborted || next === fault) return;
    const before = fault;
    fault = next;
    if (next === null) {
      if (before !== WAITING) log.info("the schema fits, going on");
      open();
    } else {
      log.warn({ detail: next }, "the schema does not fit, waiting");
      if (before === null) shut();
    }
  };

  const watch = async (): Promise<void> => {
    await untilDone(prepare, {
      signal,
      onFault: (error, tries) => {
        if (tries % 30 === 1) log.warn({ err: error }, "waiting for the store");
      },
    });
    // While the store is away what was seen last holds.
    const lookOnce = () =>
      look().catch((error: unknown) => {
        log.debug({ err: error }, "the schema cannot be read");
      });
    await repeat(lookOnce, { everyMs: LOOK_MS, signal });
  };
  return { fault: () => fault, watch };
}
