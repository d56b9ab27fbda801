import { runWithBug } from "./plant.ts";

// Says of one job in ten that it is done without having done it.
await runWithBug("services/conversations/src/main.ts", {
  file: "services/conversations/src/worker/processor.ts",
  instead: "await group.submit(events);",
  put: "await (Math.random() < 0.1 ? undefined : group.submit(events));",
});
