import { BUGS } from "./bugs.ts";
import { runWithBug } from "./plant.ts";

await runWithBug(BUGS.olderNameComesBack);
