// The first step of `npm run test:faults`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "../../scripts/first/run.mjs";

await runWithPinnedNode("test/faults/main.ts");
