// The first step of `npm run doctor`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "./first/run.mjs";

await runWithPinnedNode("scripts/doctor/main.ts");
