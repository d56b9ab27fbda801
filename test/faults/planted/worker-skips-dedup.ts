import { runWithBug } from "./plant.ts";

// Takes an equal event for another one.
await runWithBug("services/conversations/src/main.ts", {
  file: "services/conversations/src/domain/settle.ts",
  instead: 'if (equal !== undefined) return { kind: "duplicate", of: equal };',
  put: "",
});
