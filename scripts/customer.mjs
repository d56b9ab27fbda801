// The first step of `npm run customer`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "./first/run.mjs";

await runWithPinnedNode("scripts/customer/main.ts");
