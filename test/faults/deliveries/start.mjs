// The first step of `npm run test:deliveries`: plain JavaScript, without dependencies, for any Node from 20 on.
import { runWithPinnedNode } from "../../../scripts/first/run.mjs";

await runWithPinnedNode("test/faults/deliveries/main.ts");
