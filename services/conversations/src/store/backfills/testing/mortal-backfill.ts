import { pino } from "pino";
import { openStore } from "../../connect.ts";
import { runBackfills } from "../run.ts";
import { numbering } from "./numbering.ts";

/** A process that stops for ever in the middle of its second step and says so: to be killed there. */
const backfill = numbering();
await runBackfills({
  store: openStore(process.argv[2] ?? ""),
  backfills: [
    {
      ...backfill,
      step: async (connection, where) => {
        const stepped = await backfill.step(connection, where);
        if (where.after === null) return stepped;
        process.stdout.write("in the middle\n");
        await new Promise((resolve) => setTimeout(resolve, 600_000));
        return stepped;
      },
    },
  ],
  log: pino({ level: "silent" }),
  signal: new AbortController().signal,
});
