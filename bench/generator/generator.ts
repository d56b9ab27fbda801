import { fork } from "node:child_process";
import type { Load, LoadResult } from "./load.ts";

export type Generator = { send: (load: Load) => Promise<LoadResult>; end: () => void };

/** A process of its own, so that nothing else of the bench takes its time. It ends with this one. */
export function startGenerator(): Generator {
  const child = fork(new URL("main.ts", import.meta.url), { execArgv: [] });
  return {
    send: (load) =>
      new Promise((resolve, reject) => {
        const died = (code: number | null): void => reject(new Error(`the load generator ended: ${code}`));
        child.once("exit", died);
        child.once("message", (result) => {
          child.off("exit", died);
          resolve(result as LoadResult);
        });
        child.send(load);
      }),
    end: () => void child.kill(),
  };
}
