import { runWithBug } from "./plant.ts";

// Answers 202 before Redis has the job.
await runWithBug("services/ingest/src/main.ts", {
  file: "services/ingest/src/flush.ts",
  instead: "await queue.enqueue({ v: 1, events: jobEvents }, takenBefore);",
  put: "void queue.enqueue({ v: 1, events: jobEvents }, takenBefore).catch(() => {});",
});
