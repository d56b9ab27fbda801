import { runWithBug } from "./plant.ts";

// Answers 202 while the job is still in a buffer of its own.
await runWithBug("services/ingest/src/main.ts", {
  file: "services/ingest/src/flush.ts",
  instead: "await queue.enqueue({ v: 1, events: jobEvents }, takenBefore);",
  put: `void new Promise((late) => setTimeout(late, 400))
        .then(() => queue.enqueue({ v: 1, events: jobEvents }, takenBefore))
        .catch(() => {});`,
});
