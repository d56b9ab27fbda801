// The first step of `npm run bench`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "../scripts/first/run.mjs";

await runWithPinnedNode("bench/run.ts");
