import { DEADLY } from "./deadly-content.ts";
import { runWithBug } from "./plant.ts";

// Is killed, as by the kernel, whenever it meets one content: no handler runs, nothing is given back.
await runWithBug("services/conversations/src/main.ts", {
  file: "services/conversations/src/store/apply.ts",
  instead: "const come = Map.groupBy(batch.events,",
  put: `if (JSON.stringify(batch.events).includes(${JSON.stringify(DEADLY)})) process.kill(process.pid, "SIGKILL");
  const come = Map.groupBy(batch.events,`,
});
