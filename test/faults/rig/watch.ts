import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceProcess } from "../../support/service-process.ts";

/** Asks every process whether it is ready, all the time, and holds the answers against what it really does. */
export type Watch = {
  /** Forgets what was seen so far: a new fault begins. */
  begin: () => void;
  /** Names of those that are not ready now; a process that does not run is not asked. */
  notReady: () => string[];
  /** Names of those that have said, since `begin`, that they are not ready, or have not answered. */
  wereNotReady: () => ReadonlySet<string>;
  /** Where readiness and reality disagreed for longer than {@link TRUTH_MS}, since `begin`. */
  disagreements: () => string[];
  /** A real request to this process did or did not succeed; `null`: its answer does not tell. */
  note: (url: string, works: boolean | null) => void;
  stop: () => Promise<void>;
};

/** Within this time readiness must have followed what is. */
const TRUTH_MS = 5_000;
const EVERY_MS = 200;

type Seen = { ready: boolean | null; works: boolean | null; disagreesSince: number | null; worst: number };

export function watchReadiness({
  processes,
  api,
}: {
  processes: readonly ServiceProcess[];
  api: ServiceProcess;
}): Watch {
  const seen = new Map<string, Seen>();
  let unready = new Set<string>();
  let stopped = false;
  const of = (url: string): Seen => {
    const one = seen.get(url) ?? { ready: null, works: null, disagreesSince: null, worst: 0 };
    seen.set(url, one);
    return one;
  };

  const judge = (one: Seen): void => {
    const agree = one.ready === null || one.works === null || one.ready === one.works;
    if (agree) one.disagreesSince = null;
    else {
      one.disagreesSince ??= performance.now();
      one.worst = Math.max(one.worst, performance.now() - one.disagreesSince);
    }
  };
  const note = (url: string, works: boolean | null): void => {
    const one = of(url);
    one.works = works;
    judge(one);
  };
  const forget = (one: Seen): void => {
    one.works = null;
    one.disagreesSince = null;
  };

  const look = async (process: ServiceProcess): Promise<void> => {
    while (!stopped) {
      if (process.pid() === undefined) {
        forget(of(process.url));
        of(process.url).ready = null;
      } else {
        const one = of(process.url);
        const ready = await answersWell(`${process.url}/readyz`);
        one.ready = process.pid() === undefined ? null : ready;
        if (one.ready === false) unready.add(process.name);
        judge(one);
      }
      await sleep(EVERY_MS);
    }
  };
  const read = async (): Promise<void> => {
    while (!stopped) {
      if (api.pid() !== undefined) note(api.url, await answersWell(`${api.url}/conversations/?limit=1`));
      await sleep(2 * EVERY_MS);
    }
  };
  const loops = [...processes.map(look), read()];

  return {
    begin: () => {
      unready = new Set();
      for (const one of seen.values()) {
        forget(one);
        one.worst = 0;
      }
    },
    notReady: () =>
      processes
        .filter((process) => process.pid() !== undefined && seen.get(process.url)?.ready !== true)
        .map(({ name }) => name),
    wereNotReady: () => unready,
    disagreements: () =>
      processes
        .filter(({ url }) => (seen.get(url)?.worst ?? 0) > TRUTH_MS)
        .map(
          ({ name, url }) =>
            `${name}: readiness was wrong for ${Math.round((seen.get(url)?.worst ?? 0) / 100) / 10} s`,
        ),
    note,
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

async function answersWell(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1_500) }).catch(() => null);
  await answer?.body?.cancel().catch(() => {});
  return answer?.ok === true;
}
