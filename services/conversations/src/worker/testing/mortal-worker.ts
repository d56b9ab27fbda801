import { applyBatch } from "../../store/apply.ts";
import { startOwnProcessWorker } from "./own-process-worker.ts";

/**
 * A worker in a process of its own that is killed, as by the kernel, by whatever transaction holds the content
 * `killer`; with `after`, only once that is committed. Arguments: Redis, the database, `before` or `after`.
 */
const [, , redisUrl = "", databaseUrl = "", when = "before"] = process.argv;
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("dead");
};

startOwnProcessWorker({
  redisUrl,
  databaseUrl,
  apply: async (store, batch) => {
    const kills = batch.events.some(
      ({ event }) => event.type === "NEW_MESSAGE" && event.data.content === "killer",
    );
    if (kills && when === "before") die();
    const applied = await applyBatch(store, batch);
    if (kills) die();
    return applied;
  },
});
