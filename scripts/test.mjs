// The first step of `npm test`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "./first/run.mjs";

await runWithPinnedNode("scripts/test/main.ts");
